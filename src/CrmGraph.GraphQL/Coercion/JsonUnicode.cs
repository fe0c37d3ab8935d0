using System.Buffers.Text;
using System.Text.Unicode;

namespace CrmGraph.GraphQL.Coercion;

/// <summary>
/// Whether JSON text is valid Unicode, its bytes and its escapes. JSON's grammar does not ask for the latter (RFC 8259, section 8.2), and .NET's reader finds
/// out about both only when a text is read.
/// </summary>
internal static class JsonUnicode
{
    /// <param name="json">Text that a JSON reader accepted.</param>
    public static bool IsValid(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            return false;
        for (var awaitsLow = false; ;)
        {
            var at = json.IndexOf((byte)'\\');
            if (at < 0)
                return !awaitsLow;
            var isUnit = json[at + 1] == 'u';
            var unit = isUnit ? Unit(json.Slice(at + 2, 4)) : '\0';
            if (awaitsLow != (at == 0 && char.IsLowSurrogate(unit)) || (!awaitsLow && char.IsLowSurrogate(unit)))
                return false;
            awaitsLow = char.IsHighSurrogate(unit);
            json = json[(at + (isUnit ? 6 : 2))..];
        }
    }

    private static char Unit(ReadOnlySpan<byte> digits) => Utf8Parser.TryParse(digits, out ushort unit, out _, 'x') ? (char)unit : '\0';
}
