using System.Globalization;
using System.Linq.Expressions;
using CrmGraph.Data.Model;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Data.Database;

/// <summary>
/// The order of texts that readers of a language expect, by ICU's rules: PostgreSQL has a collation for each locale, SQLite one that compares as .NET does.
/// Texts that are equal by these rules stand in the order of their code points, so that no two different texts are equal.
/// </summary>
public static class LocaleOrder
{
    /// <summary>BCP 47 tags. Chinese is sorted by pinyin, in traditional script by strokes.</summary>
    public static IReadOnlyList<string> Locales { get; } =
    [
        "ar", "cs", "da", "de", "el", "en", "es", "fi", "fr", "he", "hu", "it", "ja", "ko", "nb", "nl", "pl", "pt", "ro", "ru", "sv", "th", "tr", "uk", "vi",
        "zh", "zh-Hant",
    ];

    /// <summary>Whether this machine has the rules, which SQLite needs: .NET without them compares by code points.</summary>
    public static bool HasRules { get; } = CultureInfo.InvariantCulture.CompareInfo.Compare("ä", "z", CompareOptions.None) < 0;

    /// <summary>The locale whose order a tag means: itself, or that of its language and script; null when there is none.</summary>
    public static string? Find(string tag)
    {
        tag = tag.Replace('_', '-');
        if (tag.StartsWith("zh-TW", StringComparison.OrdinalIgnoreCase) || tag.StartsWith("zh-HK", StringComparison.OrdinalIgnoreCase)
            || tag.StartsWith("zh-MO", StringComparison.OrdinalIgnoreCase))
            return "zh-Hant";
        for (; ; tag = tag[..tag.LastIndexOf('-')])
        {
            if (Locales.FirstOrDefault(l => l.Equals(tag, StringComparison.OrdinalIgnoreCase)) is { } found)
                return found;
            if (!tag.Contains('-', StringComparison.Ordinal))
                return null;
        }
    }

    /// <summary>Whether the database can sort by its locales.</summary>
    public static async Task<bool> IsThereAsync(CrmDbContext database, string locale, CancellationToken cancellationToken)
    {
        if (!database.Database.IsNpgsql())
            return HasRules;
        var name = NameOf(database, locale);
        return await database.Database.SqlQuery<int>($"select count(*)::int as \"Value\" from pg_collation where collname = {name}")
            .SingleAsync(cancellationToken) > 0;
    }

    /// <summary>A text of a row, to be ordered and compared by the rules of a locale.</summary>
    public static Expression Of(CrmDbContext database, Expression text, string locale) => Expression.Call(
        typeof(RelationalDbFunctionsExtensions), nameof(RelationalDbFunctionsExtensions.Collate), [typeof(string)],
        Expression.Constant(null, typeof(DbFunctions)), text, Expression.Constant(NameOf(database, locale)));

    private static string NameOf(CrmDbContext database, string locale) =>
        database.Database.IsNpgsql() ? locale + "-x-icu" : Sqlite.SqliteCollations.NameOf(locale);
}
