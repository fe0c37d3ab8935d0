using System.Data.Common;
using System.Text;
using System.Text.RegularExpressions;
using CrmGraph.Data.Database.Triggers;
using CrmGraph.Data.Model;

namespace CrmGraph.Data.Database.Sqlite;

/// <summary>The triggers of SQLite: those written out, those that are alike for many tables, and those that name every column.</summary>
internal static partial class SqliteTriggers
{
    /// <summary>What plain SQL can fold of the letters of western Europe, in the place of SearchText.</summary>
    private static readonly (string Letter, string Plain)[] Letters =
    [
        ("ä", "a"), ("Ä", "a"), ("ö", "o"), ("Ö", "o"), ("ü", "u"), ("Ü", "u"), ("ß", "ss"), ("é", "e"), ("É", "e"), ("è", "e"), ("à", "a"), ("á", "a"),
        ("í", "i"), ("ó", "o"), ("ú", "u"), ("ñ", "n"), ("ç", "c"), ("å", "a"), ("Å", "a"), ("ø", "o"), ("Ø", "o"),
    ];

    private static readonly (string, string)[] Signs = [(" ", ""), ("+", ""), ("-", ""), ("(", ""), (")", ""), (".", ""), ("/", "")];

    public static async Task<TriggerText> TextAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        var text = new StringBuilder(TriggerText.Files("sqlite").Replace("{{search_text}}", SearchText(), StringComparison.Ordinal));
        foreach (var table in Tables.All)
            text.Append(Own(table));
        text.Append(FactsStay()).Append(await SqliteHistory.TextAsync(connection, transaction, cancellationToken));
        foreach (var table in Tables.With(TableTraits.Changes))
            text.Append(SqliteChanges.Triggers(table));
        return new(Anew(text.ToString()));
    }

    /// <summary>The same triggers, made in the place of those that are there.</summary>
    public static string Anew(string triggers) => Creation().Replace(triggers, "DROP TRIGGER IF EXISTS $1;\nCREATE TRIGGER $1");

    private static string Own(StoredTable table) =>
        (table.IsFact || table.Has(TableTraits.Early) ? Customer(table.Name) : "")
            + (table.PartOf is { } whole ? Part(table, Tables.Of(whole).Name) : "")
            + (table.IsFact ? Departures(table.Name) : "");

    private static string Customer(string table) => $"""
        CREATE TRIGGER {table}_customer BEFORE INSERT ON {table} WHEN NOT EXISTS (SELECT 1 FROM customers WHERE id = NEW.customer_id)
        BEGIN SELECT RAISE(ABORT, '{table}: there is no such customer. Write the customer first.'); END;

        """;

    // Of a fact that goes to another customer; its customer's own departure is written out.
    private static string Departures(string table)
    {
        const string Note = "INSERT INTO owner_departures (owner_id) SELECT owner_id FROM customers WHERE id = OLD.customer_id AND owner_id IS NOT NULL;";
        return $"""
            CREATE TRIGGER {table}_departed_update AFTER UPDATE OF customer_id ON {table} WHEN NEW.customer_id <> OLD.customer_id
            BEGIN {Note} END;
            CREATE TRIGGER {table}_departed_delete AFTER DELETE ON {table}
            BEGIN {Note} END;

            """;
    }

    private static string Part(StoredTable part, string whole)
    {
        var check = part.Has(TableTraits.Early) ? "" : $"""
            CREATE TRIGGER {part.Name}_whole BEFORE INSERT ON {part.Name}
            WHEN NOT EXISTS (SELECT 1 FROM {whole} WHERE customer_id = NEW.customer_id AND id = NEW.{part.WholeId})
            BEGIN SELECT RAISE(ABORT, '{part.Name}: there is no such row of this customer in {whole}. Write {whole} first.'); END;

            """;
        return $"""
            {check}CREATE TRIGGER {part.Name}_go AFTER DELETE ON {whole}
            BEGIN DELETE FROM {part.Name} WHERE customer_id = OLD.customer_id AND {part.WholeId} = OLD.id; END;

            """;
    }

    private static string FactsStay() => $"""
        CREATE TRIGGER customers_facts BEFORE DELETE ON customers
        WHEN {string.Join(" OR ", Tables.All.Where(t => t.IsFact).Select(t => $"EXISTS (SELECT 1 FROM {t.Name} WHERE customer_id = OLD.id)"))}
        BEGIN SELECT RAISE(ABORT, 'customers: facts belong to this customer. Delete or move the facts first.'); END;

        """;

    private static string SearchText() =>
        $"trim(rtrim(lower({Without("name", Letters)}) || ' ' || lower(ifnull(email, ''))) || ' ' || {Without("ifnull(phone, '')", Signs)})";

    private static string Without(string text, (string Letter, string Plain)[] letters) =>
        letters.Aggregate(text, (inner, l) => $"replace({inner}, '{l.Letter}', '{l.Plain}')");

    [GeneratedRegex(@"^\s*CREATE TRIGGER (\w+)", RegexOptions.Multiline)]
    private static partial Regex Creation();
}
