using CrmGraph.Reporting.Imports.Expressions;
using CrmGraph.Reporting.Imports.Reading;
using CrmGraph.Reporting.Imports.Records;
using CrmGraph.Reporting.Imports.Values;

namespace CrmGraph.Reporting.Imports.Maps;

/// <summary>
/// A checked map: how the rows of a file become customers, orders and other records. Immutable, so that several imports can share it.
/// docs/import.md describes the language.
/// </summary>
public sealed class ImportMap
{
    private readonly MapContent _content;

    internal ImportMap(string name, string source, string? description, MapContent content)
    {
        (Name, Source, Description) = (name, source, description);
        _content = content;
    }

    public string Name { get; }
    /// <summary>The system that the outside ids belong to.</summary>
    public string Source { get; }
    public string? Description { get; }
    /// <summary>Headers by which a file that the map is for is known: all of one of the lists. Empty where nobody said.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Marks => _content.Marks;
    internal FileFormat File => _content.File;
    internal NumberFormat Numbers => _content.Numbers;
    internal DateFormats Dates => _content.Dates;
    /// <summary>Columns of the file and derived columns; expressions and fields refer to them by their place here.</summary>
    internal IReadOnlyList<ColumnReference> Columns => _content.Columns;
    internal IReadOnlyList<RowRule> Rules => _content.Rules;
    internal IReadOnlyList<LookupDefinition> Lookups => _content.Lookups;
    internal RowSelection Rows => _content.Rows;
    /// <summary>Names of the files that the map looks up in.</summary>
    public IReadOnlyList<string> LookupFiles => [.. Lookups.OfType<FileLookup>().Select(lookup => lookup.File).Distinct(StringComparer.Ordinal)];
    internal IReadOnlyList<RecordPlan> Records => _content.Records;

    /// <exception cref="ImportException">MAP_INVALID, with every mistake and its line.</exception>
    public static ImportMap Parse(string yaml, string name, ImportLimits? limits = null) => new MapParser(name, limits ?? new ImportLimits()).Parse(yaml);
}

internal sealed record MapContent(
    FileFormat File, NumberFormat Numbers, DateFormats Dates, IReadOnlyList<ColumnReference> Columns, IReadOnlyList<RowRule> Rules,
    IReadOnlyList<RecordPlan> Records)
{
    public IReadOnlyList<LookupDefinition> Lookups { get; init; } = [];
    public RowSelection Rows { get; init; } = new(false, null, null);
    public IReadOnlyList<IReadOnlyList<string>> Marks { get; init; } = [];
}

/// <summary>A column that the map uses.</summary>
/// <param name="Names">Headers under which it may stand, the first that is there wins; empty when it is known by its position.</param>
/// <param name="Position">From 1; 0 when it is known by its header.</param>
/// <param name="MayBeMissing">A file without it is no error: the column is then empty.</param>
/// <param name="Derived">How it is made; null for a column of the file.</param>
internal sealed record ColumnReference(IReadOnlyList<string> Names, int Position, bool MayBeMissing, FieldSource? Derived)
{
    public string Label => Position > 0 ? "$" + Position : Names[0];
}

internal enum RuleAction { Reject, Skip, Route }

/// <summary>What happens to rows for which a condition holds.</summary>
internal sealed record RowRule(RuleAction Action, string Name, Expression When, string? Message);

/// <summary>How a row becomes one record.</summary>
internal sealed record RecordPlan
{
    private int? _filledCount;

    /// <summary>The kind's name in maps, numbered when a map has several of one kind: <c>customer</c>, <c>customer2</c>.</summary>
    public required string Label { get; init; }
    public required RecordSchema Schema { get; init; }
    /// <summary>By the field's index in the schema; null where the map says nothing.</summary>
    public required IReadOnlyList<FieldSource?> Fields { get; init; }
    public IReadOnlyList<KeyValuePair<string, FieldSource>> Attributes { get; init; } = [];
    /// <summary>Columns of the file that nothing else in the map uses become attributes.</summary>
    public bool TakesOtherColumns { get; init; }
    public IReadOnlyList<string> ExceptColumns { get; init; } = [];
    public IReadOnlyList<FieldSource> OtherKeys { get; init; } = [];
    public Expression? When { get; init; }
    /// <summary>The routes whose rows it takes; empty for all.</summary>
    public IReadOnlyList<string> Routes { get; init; } = [];
    public Ingest.Records.WriteMode Mode { get; init; }
    /// <summary>A line of an order, a stage of an opportunity.</summary>
    public RecordPlan? Part { get; init; }

    /// <summary>How many fields the map fills, and the place of each among them by its index in the schema; -1 where the map says nothing.</summary>
    public int FilledCount => _filledCount ??= Fields.Count(source => source is not null);
    public int[] Places => field ??= [.. Fields.Select((source, i) => source is null ? -1 : Fields.Take(i).Count(earlier => earlier is not null))];

    public bool HasKey => Schema.Key is { } key && Has(key);

    public bool Has(FieldDefinition field) => Fields[field.Index] is not null;

    /// <summary>The value of a field that is the same in every row; null when it is not.</summary>
    public Value? ConstantOf(FieldDefinition field) =>
        Fields[field.Index] is { Origin: Constant { Value: var value }, ValueTable: null, Lookup: null } source
            && source.WhyUnreadable(value.Text) is null
                ? source.Convert(value)
                : null;
}
