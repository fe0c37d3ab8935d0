using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Imports.Expressions;
using CrmGraph.Reporting.Imports.Maps;

namespace CrmGraph.Reporting.Imports.Suggesting;

/// <summary>What is known of a file for which a map is wanted.</summary>
/// <param name="Head">The file's first bytes as they are, packed ones too; of a longer file, <see cref="MapSuggester.HeadBytes"/> of them.</param>
/// <param name="Source">The name of the system that the ids in the file belong to.</param>
/// <param name="Currency">That of amounts that no column and no sign says.</param>
public sealed record UnknownFile(byte[] Head, string? Name = null, string Source = "import", string? Currency = null)
{
    /// <summary>What the caller chose for columns, from 0; the empty text leaves a column out.</summary>
    public IReadOnlyDictionary<int, string> Chosen { get; init; } = new Dictionary<int, string>();
    /// <summary>A map is made even if a ready one fits.</summary>
    public bool IgnoresReadyMaps { get; init; }
}

/// <summary>Suggests a map for a file from its first rows: the ready map of the system that wrote it, or one made from its headers and values.</summary>
public static class MapSuggester
{
    /// <summary>Bytes of the beginning of a file that are looked at.</summary>
    public const int HeadBytes = FileSample.Bytes;
    private const int ColumnsAtMost = 500, SampleCharacters = 60;

    /// <exception cref="ImportException">The file cannot be read.</exception>
    /// <exception cref="GraphQLException">A choice names no column or no field.</exception>
    public static async Task<ImportMapSuggestion> SuggestAsync(UnknownFile file, CancellationToken cancellationToken)
    {
        if (file.Head.Length > HeadBytes)
            throw new ImportException(ImportErrorCodes.LimitExceeded, $"Of the file, its first {HeadBytes} bytes are enough; {file.Head.Length} were given.");
        var sample = await FileSample.ReadAsync(file.Head, new ImportLimits(), cancellationToken);
        if (sample.Header.Count > ColumnsAtMost)
            throw new ImportException(ImportErrorCodes.LimitExceeded,
                $"The file has {sample.Header.Count} columns; a map is suggested for at most {ColumnsAtMost}. Take out those that are not needed.");
        return !file.IgnoresReadyMaps && file.Chosen.Count == 0 && ReadyMapOf(sample) is { } ready ? Ready(sample, ready.Name, ready.Map) : Made(sample, file);
    }

    private static ImportMapSuggestion Made(FileSample sample, UnknownFile file)
    {
        var columns = new ColumnAssignment(sample, file.Name, file.Chosen);
        var writer = new MapWriter(sample, columns, file.Source, file.Currency);
        var yaml = writer.Write();
        return new(yaml, null, ProblemsOf(yaml), writer.Notes, Columns(sample, columns.TargetsOf, c => columns.Reasons[c] ?? ImportColumnReason.NoField),
            ColumnAssignment.Targets, sample.Rows.Count);
    }

    private static ImportMapSuggestion Ready(FileSample sample, string name, ImportMap map)
    {
        var used = new ReadyMapUse(map, sample);
        return new(ReadyMaps.ReadText(name), name, [], [], Columns(sample, used.TargetsOf, c => used.TargetsOf(c).Count > 0
            ? ImportColumnReason.ReadyMap
            : sample.Rows.Count > 0 && !sample.Values(c).Any() ? ImportColumnReason.Empty : ImportColumnReason.NoField), ColumnAssignment.Targets,
                sample.Rows.Count);
    }

    private static List<ImportColumn> Columns(FileSample sample, Func<int, IReadOnlyList<string>> targets, Func<int, ImportColumnReason> reason) =>
    [
        .. sample.Header.Select((_, c) => new ImportColumn(c + 1, sample.NameOf(c) is { Length: > 0 } name ? name : $"{c + 1}",
            [.. sample.Values(c).Distinct(StringComparer.Ordinal).Take(3).Select(v => v.Length > SampleCharacters ? v[..SampleCharacters] + "…" : v)],
            targets(c), reason(c))),
    ];

    private static IReadOnlyList<string> ProblemsOf(string yaml)
    {
        try
        {
            _ = ImportMap.Parse(yaml, "map");
            return [];
        }
        catch (ImportException e)
        {
            return e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }
    }

    /// <summary>The ready map whose marks the header has; of several the one that uses most of its columns.</summary>
    private static (string Name, ImportMap Map)? ReadyMapOf(FileSample sample)
    {
        if (!sample.Format.HasHeader)
            return null;
        var header = sample.Header.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return ReadyMaps.Names.Select(name => (Name: name, Map: ReadyMaps.Load(name)))
            .Where(ready => ready.Map.Marks.Any(marks => marks.All(header.Contains)))
            .Select(ready => ((string, ImportMap)?)ready)
            .MaxBy(ready => new ReadyMapUse(ready!.Value.Item2, sample).Count);
    }
}

/// <summary>Which fields a map fills from which column of a file.</summary>
internal sealed class ReadyMapUse
{
    private readonly ImportMap _map;
    private readonly IReadOnlyList<string> _header;
    private readonly SortedSet<string>[] _targets;

    public ReadyMapUse(ImportMap map, FileSample sample)
    {
        (_map, _header) = (map, sample.Header);
        _targets = [.. sample.Header.Select(_ => new SortedSet<string>(StringComparer.Ordinal))];
        foreach (var plan in map.Records)
            Add(plan, plan.Schema.Name);
        // What only a rule looks at is used, too.
        foreach (var rule in map.Rules)
            Add(rule.When, "rules." + rule.Name);
        foreach (var plan in map.Records.Where(plan => plan.TakesOtherColumns))
            for (var column = 0; column < _header.Count; column++)
                if (_targets[column].Count == 0 && !plan.ExceptColumns.Contains(_header[column], StringComparer.Ordinal))
                    _targets[column].Add(plan.Schema.Name + ".attributes");
    }

    public int Count => _targets.Count(targets => targets.Count > 0 && !targets.Any(t => t.EndsWith(".attributes", StringComparison.Ordinal)));

    public IReadOnlyList<string> TargetsOf(int column) => [.. _targets[column]];

    private void Add(RecordPlan plan, string name)
    {
        foreach (var (source, field) in plan.Fields.Zip(plan.Schema.Fields))
            if (source is not null)
                Add(source.Origin, $"{name}.{field.Name}");
        foreach (var (attribute, source) in plan.Attributes)
            Add(source.Origin, $"{name}.attributes");
        foreach (var key in plan.OtherKeys)
            Add(key.Origin, $"{name}.key");
        if (plan.When is { } when)
            Add(when, $"{name}.when");
        if (plan.Part is { } part)
            Add(part, $"{name}.{part.Schema.Name}");
    }

    private void Add(Expression expression, string target)
    {
        if (expression is ColumnValue value)
            Add(_map.Columns[value.Reference], target);
        foreach (var part in expression.Parts)
            Add(part, target);
    }

    private void Add(ColumnReference column, string target)
    {
        if (column.Derived is { } derived)
        {
            Add(derived.Origin, target);
            return;
        }

        var index = column.Position > 0 ? column.Position - 1
            : column.Names.Select(name => _header.ToList().FindIndex(h => string.Equals(h, name,
                StringComparison.OrdinalIgnoreCase))).FirstOrDefault(i => i >= 0, -1);
        if (index >= 0 && index < _targets.Length)
            _targets[index].Add(target);
    }
}
