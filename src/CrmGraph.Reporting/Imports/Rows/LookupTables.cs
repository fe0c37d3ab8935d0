using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Imports.Reading;

namespace CrmGraph.Reporting.Imports.Rows;

/// <summary>Reads what a map looks up in into memory: files written like the file itself, and stored rows.</summary>
internal sealed class LookupTables(ImportMap map, ImportOptions options, ImportLimits limits, DateOnly today)
{
    /// <summary>One for each lookup of the map, by the text of its key.</summary>
    /// <exception cref="ImportException">LOOKUP_INVALID.</exception>
    public async Task<IReadOnlyList<LookupTable>> ReadAsync(CancellationToken cancellationToken)
    {
        var tables = new List<LookupTable>();
        foreach (var lookup in map.Lookups)
            tables.Add(
                lookup is StoredLookup stored ? await Stored().ReadAsync(stored, cancellationToken) : await ReadAsync((FileLookup)lookup, cancellationToken));
        return tables;
    }

    private StoredTables Stored() => new(options.Stored ?? throw Invalid("The map looks up in stored rows, and there is no database"), options.Caller, limits);

    private async Task<LookupTable> ReadAsync(FileLookup lookup, CancellationToken cancellationToken)
    {
        var file = options.Lookups.FirstOrDefault(file => file.Name == lookup.File)
            ?? throw Invalid($"The map looks up in {lookup.File}, which is not there. On the console it stands beside the map, "
                + "over HTTP it is a part 'lookup' of the form with this file name, before the part 'file'");
        // The two columns are read as a map of their own reads columns: the same header, trimming and empty texts.
        var columns = new ImportMap(map.Name, map.Source, null, new MapContent(map.File, map.Numbers, map.Dates, [lookup.Key, lookup.Value], [], []));
        await using var opened = await OpenedFile.OpenAsync(file, columns, limits, cancellationToken);
        var table = new LookupTable(lookup, StringComparer.Ordinal);
        if (await opened.ReadFirstAsync(cancellationToken) is not { } reader)
            return table;
        var row = new RowValues(columns, reader, file.Name, opened.Header, opened.ColumnCount, today, []);
        await opened.GoToFirstRowAsync(cancellationToken);
        for (; opened.HasRow; opened.HasRow = await reader.ReadAsync(cancellationToken))
        {
            row.MoveNext();
            Add(table, lookup, row, reader);
        }
        return table;
    }

    private void Add(LookupTable table, FileLookup lookup, RowValues row, RecordReader reader)
    {
        if (reader.Fault != RecordFault.None)
            throw Invalid($"{lookup.File}, line {reader.Line}: {Faults.Of(reader.Fault).Message}");
        var (key, value) = (row.Column(0), row.Column(1));
        if (key.IsEmpty)
            return;
        if (!table.TryAdd(key.Text, value, limits.LookupKeys, out var earlier))
            throw Invalid($"{lookup.File}, line {reader.Line}: '{key.Text}' has the {lookup.Value.Label} '{value.Text}', and '{earlier.Text}' in an earlier "
                + "line; a key has one value");
    }

    private static ImportException Invalid(string message) => new(ImportErrorCodes.LookupInvalid, message + ".");
}
