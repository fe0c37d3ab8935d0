using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace CrmGraph.Data.Database.Sqlite;

/// <summary>The collations of <see cref="LocaleOrder"/>, which SQLite does not have: a connection gets one when a statement names it.</summary>
internal static class SqliteCollations
{
    private const string Prefix = "crm_";
    private const string Mark = "COLLATE " + Prefix;

    private static readonly ConcurrentDictionary<string, CompareInfo> Rules = new(StringComparer.Ordinal);

    public static string NameOf(string locale) => Prefix + locale.Replace('-', '_');

    /// <summary>Makes the collations known that a statement names.</summary>
    public static void AddTo(SqliteConnection connection, string sql)
    {
        if (!sql.Contains(Mark, StringComparison.Ordinal))
            return;
        foreach (var locale in LocaleOrder.Locales)
        {
            var name = NameOf(locale);
            if (sql.Contains("COLLATE " + name, StringComparison.Ordinal))
                connection.CreateCollation(name, Rules.GetOrAdd(locale, static l => CultureInfo.GetCultureInfo(l).CompareInfo), Compare);
        }
    }

    // By code points, as SQLite compares its UTF-8 by bytes: UTF-16 has the surrogates below some letters.
    private static int Compare(CompareInfo rules, string left, string right) => rules.Compare(left, right, CompareOptions.None) switch
    {
        0 => OrdinalOf(left, right),
        var order => order,
    };

    private static int OrdinalOf(string left, string right)
    {
        var (a, b) = (left.EnumerateRunes(), right.EnumerateRunes());
        while (true)
        {
            var (more, others) = (a.MoveNext(), b.MoveNext());
            if (!more || !others)
                return more.CompareTo(others);
            if (a.Current.Value.CompareTo(b.Current.Value) is not 0 and var order)
                return order;
        }
    }
}
