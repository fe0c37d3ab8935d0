using System.Text;

namespace CrmGraph.GraphQL.TestKit.Fuzzing;

/// <summary>Texts and bytes that have broken readers before, and changes to good ones.</summary>
public static class Hostile
{
    private static readonly string[] Texts =
    [
        "", " ", "a", "\0", "a\0b", "\ud800", "\udfff", "a\udc00", "\ud83d\ude00", "\ufeff", "\ufffe", "\uffff", "\u2028", "\u202e", "e\u0301", "ß", "İ", "ı",
        "ﬁ", "中文", "%", "_", "\\", "%%_\\",
        "'", "\"", "''; drop table orders; --", "${x}", "{{x}}", "<script>", "\r\nX-Header: 1", "../../etc/passwd", "null", "true", "NaN", "-0", "1e400",
        "2147483648", "9999-12-31", ".*[a-z(", "(?=", "=1+1", "@SUM(A1)",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ];

    public static string Text(Random random) => random.Next(10) switch
    {
        0 => new string(One(random, Texts).FirstOrDefault('x'), random.Next(5_000)),
        1 => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => One(random, Texts))),
        2 => new string([.. Enumerable.Range(0, random.Next(20)).Select(_ => (char)random.Next(0x10000))]),
        _ => One(random, Texts),
    };

    /// <summary>A text with one to four changes: pieces cut out, doubled, moved or put in.</summary>
    public static string Change(string text, Random random, IReadOnlyList<string> pieces)
    {
        var result = new StringBuilder(text);
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            var at = random.Next(result.Length + 1);
            var length = Math.Min(random.Next(1, 12), result.Length - at);
            switch (random.Next(8))
            {
                case 0: result.Remove(at, length); break;
                case 1: result.Insert(at, result.ToString(at, length)); break;
                case 2: result.Length = at; break;
                case 3: result.Insert(at, Text(random)); break;
                case 4 when length > 0: result[at] = (char)(result[at] ^ (1 << random.Next(16))); break;
                case 5: result.Insert(at, Repeated(One(random, pieces), random)); break;
                default: result.Insert(at, One(random, pieces)); break;
            }
        }

        return result.ToString();
    }

    /// <summary>Bytes with one to four changes.</summary>
    public static byte[] Change(byte[] bytes, Random random)
    {
        List<byte> result = [.. bytes];
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            var at = random.Next(result.Count + 1);
            var length = Math.Min(random.Next(1, 12), result.Count - at);
            switch (random.Next(5))
            {
                case 0: result.RemoveRange(at, length); break;
                case 1: result.InsertRange(at, result.GetRange(at, length)); break;
                case 2: result.RemoveRange(at, result.Count - at); break;
                case 3 when length > 0: result[at] ^= (byte)(1 << random.Next(8)); break;
                default: result.Insert(at, (byte)random.Next(256)); break;
            }
        }

        return [.. result];
    }

    public static T One<T>(Random random, IReadOnlyList<T> of) => of[random.Next(of.Count)];

    private static string Repeated(string piece, Random random) => string.Concat(Enumerable.Repeat(piece, random.Next(2, random.Next(20) == 0 ? 3_000 : 30)));
}
