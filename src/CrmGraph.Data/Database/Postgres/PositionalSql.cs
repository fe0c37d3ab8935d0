using System.Text;

namespace CrmGraph.Data.Database.Postgres;

/// <summary>SQL with named parameters (<c>@v0_</c>) as SQL with numbered ones (<c>$1</c>).</summary>
internal static class PositionalSql
{
    public static string Of(string sql, IReadOnlyList<PreparedParameter> parameters)
    {
        var text = new StringBuilder(sql.Length);
        for (var i = 0; i < sql.Length; i++)
        {
            var c = sql[i];
            var end = c switch
            {
                '\'' or '"' => Closing(sql, i, c),
                '-' when i + 1 < sql.Length && sql[i + 1] == '-' => sql.IndexOf('\n', i) is var line and >= 0 ? line : sql.Length - 1,
                '@' => NameEnd(sql, i + 1) - 1,
                _ => i,
            };
            if (c == '@' && end > i && Place(sql.AsSpan(i + 1, end - i), parameters) is var place and > 0)
                text.Append('$').Append(place);
            else
                text.Append(sql, i, end - i + 1);
            i = end;
        }

        return text.ToString();
    }

    // A doubled quote inside is a closing one and an opening one: the result is the same.
    private static int Closing(string sql, int start, char quote) => sql.IndexOf(quote, start + 1) is var end and > 0 ? end : sql.Length - 1;

    private static int NameEnd(string sql, int at)
    {
        while (at < sql.Length && (char.IsAsciiLetterOrDigit(sql[at]) || sql[at] == '_'))
            at++;
        return at;
    }

    private static int Place(ReadOnlySpan<char> name, IReadOnlyList<PreparedParameter> parameters)
    {
        for (var i = 0; i < parameters.Count; i++)
            if (name.SequenceEqual(parameters[i].Name))
                return i + 1;
        return 0;
    }
}
