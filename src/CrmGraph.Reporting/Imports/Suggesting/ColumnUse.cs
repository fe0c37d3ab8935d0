namespace CrmGraph.Reporting.Imports.Suggesting;

/// <summary>Why a column became what it did.</summary>
public enum ImportColumnReason
{
    /// <summary>The ready map of the system that the file comes from uses the column.</summary>
    ReadyMap,
    /// <summary>The caller chose it.</summary>
    Chosen,
    /// <summary>The words of the header say so, and the values suit.</summary>
    Header,
    /// <summary>The values say so: addresses of e-mail, phone numbers.</summary>
    Values,
    /// <summary>No field has this meaning; the column is kept as an additional attribute.</summary>
    Attribute,
    /// <summary>No field has this meaning, and the record takes no attributes.</summary>
    NoField,
    /// <summary>Another column is the same field already.</summary>
    Taken,
    /// <summary>The header names a field, and the values are none of its kind.</summary>
    Unsuitable,
    /// <summary>The rows seen have no value.</summary>
    Empty,
    /// <summary>A note that the source system keeps for itself, such as who changed the row last.</summary>
    Technical,
}

/// <summary>A column of a file, and what it becomes.</summary>
/// <param name="Position">The place of the column, counted from 1.</param>
/// <param name="Name">The header of the column; its position if there is none.</param>
/// <param name="Samples">Up to three of the values seen.</param>
/// <param name="Targets">The fields of records that the column fills, such as `order.orderedAt`; empty if it is left out.</param>
/// <param name="Reason">Why.</param>
public sealed record ImportColumn(
    int Position, string Name, IReadOnlyList<string> Samples, IReadOnlyList<string> Targets, ImportColumnReason Reason);

/// <summary>What a suggested map assumes, to be looked at before the import.</summary>
public enum ImportMapNote
{
    /// <summary>The encoding was guessed from the letters: it is not UTF-8.</summary>
    EncodingGuessed,
    /// <summary>Days and months could be the other way round.</summary>
    DayMonthUnclear,
    /// <summary>Commas and points in numbers could be the other way round.</summary>
    NumbersUnclear,
    /// <summary>No column says in which currency amounts are.</summary>
    CurrencyMissing,
    /// <summary>Customers have no ID in the file: they are told apart by e-mail, phone or name.</summary>
    CustomerByName,
    /// <summary>No column says whose the rows are: they stand with the guest customers.</summary>
    CustomerMissing,
    /// <summary>No column says when it happened.</summary>
    MomentMissing,
    /// <summary>Some values of a choice are in no list; they count as empty.</summary>
    ChoicesUnknown,
}

/// <summary>A map suggested for a file.</summary>
/// <param name="Map">The map, as YAML.</param>
/// <param name="ReadyMap">The name of the ready map that fits the file; null if the map was made for it.</param>
/// <param name="Problems">Why the map cannot be used as it is; empty if it can.</param>
/// <param name="Notes">What the map assumes.</param>
/// <param name="Columns">The columns of the file, in its order.</param>
/// <param name="Targets">What a column may become by choice.</param>
/// <param name="RowsSeen">The number of rows that were looked at.</param>
public sealed record ImportMapSuggestion(
    string Map, string? ReadyMap, IReadOnlyList<string> Problems, IReadOnlyList<ImportMapNote> Notes, IReadOnlyList<ImportColumn> Columns,
    IReadOnlyList<string> Targets, int RowsSeen);
