using CrmGraph.Reporting.Imports.Expressions;
using CrmGraph.Reporting.Imports.Values;

namespace CrmGraph.Reporting.Imports.Maps;

/// <summary>A table in which a map looks up: keys and what stands beside each.</summary>
internal abstract record LookupDefinition
{
    /// <summary>What is said of a key that is not there.</summary>
    public abstract string Missing(string key);
    /// <summary>What is said of a key with several values.</summary>
    public abstract string Contested(string key);
    public abstract string TooMany(int keys);
}

/// <summary>Two columns of another file.</summary>
internal sealed record FileLookup(string File, ColumnReference Key, ColumnReference Value) : LookupDefinition
{
    public override string Missing(string key) => $"'{key}' is not in {File}; add it there, or say 'missing: empty'";
    public override string Contested(string key) => $"'{key}' has several values in {File}; leave one";
    public override string TooMany(int keys) => $"{File} has more than {keys} keys. Join the files before the import.";

    public bool IsAs(FileLookup other) => (File, Key.Label, Value.Label) == (other.File, other.Key.Label, other.Value.Label);
}

/// <summary>Two fields of the products or customers in the database, as they are before the first row.</summary>
/// <param name="Source">Of outside ids: the system they belong to.</param>
/// <param name="Currency">Of prices: those in other currencies are left out. Null is the reporting currency.</param>
internal sealed record StoredLookup(StoredKind Stored, string Key, string Source, string Value, string? Currency) : LookupDefinition
{
    /// <summary>Outside ids; other keys are properties.</summary>
    public bool IsByOutsideId => Key == StoredFields.OutsideId;

    public override string Missing(string key)
        => $"no {Noun} with {Key} '{key}' has {Value}{(Currency is null ? "" : " in " + Currency)}; write it before this file, or say 'missing: empty'";
    public override string TooMany(int keys) => $"More than {keys} {Noun}s have {Key} and {Value}. Look up in a file of those that the import needs.";
    public override string Contested(string key) => $"several {Noun}s have {Key} '{key}', and not one {Value}; look up by another key";

    private string Noun => Stored.ToString().ToLowerInvariant();
}

internal enum StoredKind { Product, Customer }

/// <summary>What maps may look up of stored rows.</summary>
internal static class StoredFields
{
    public const string OutsideId = "key";
    public const string Email = "email";
    public const string Price = "price";

    public static IReadOnlyDictionary<string, StoredKind> Kinds { get; }
        = new Dictionary<string, StoredKind> { ["product"] = StoredKind.Product, ["customer"] = StoredKind.Customer };

    public static string[] KeysOf(StoredKind kind) => kind == StoredKind.Product ? ["sku", OutsideId] : [OutsideId, Email];

    public static string[] ValuesOf(StoredKind kind) => kind == StoredKind.Product
        ? ["sku", "name", "category", Price]
        : ["name", "country", "region", "city", "industry", "occupation", "acquisitionChannel"];
}

/// <summary>Puts what a table has beside a text in its place.</summary>
/// <param name="Table">Its place in the map's lookups.</param>
/// <param name="RefusesMissing">A text that the table does not have refuses the row; else there is no value.</param>
internal sealed record LookupStep(int Table, LookupDefinition Lookup, bool RefusesMissing)
{
    public Value Find(IRowValues row, Value key)
    {
        var found = row.Lookup(Table, key.Text);
        return found.IsEmpty && RefusesMissing ? throw new ValueException(Lookup.Missing(key.Text)) : found;
    }
}

/// <summary>Which rows of a file count, where several say the same or one replaces another.</summary>
/// <param name="IsDistinct">Rows that are alike in all columns that the map uses count once.</param>
/// <param name="Key">What the rows of which only the last counts have in common; null when all count.</param>
/// <param name="By">By what a row is the last; of equal ones the one that stands last in the file.</param>
internal sealed record RowSelection(bool IsDistinct, FieldSource? Key, FieldSource? By);
