using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Imports.Reading;

namespace CrmGraph.Reporting.Imports.Rows;

/// <summary>Reads the files that a map looks up in, written like the file itself, into memory.</summary>
internal sealed class LookupTables(ImportMap map, ImportLimits limits, DateOnly today)
{
    /// <summary>One for each lookup of the map, by the text of its key.</summary>
    /// <exception cref="ImportException">LOOKUP_INVALID.</exception>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, string?>>> ReadAsync(IReadOnlyList<ImportFile> files, CancellationToken cancellationToken)
    {
        var tables = new List<IReadOnlyDictionary<string, string?>>();
        foreach (var lookup in map.Lookups)
        {
            var file = files.FirstOrDefault(file => file.Name == lookup.File)
                ?? throw Invalid($"The map looks up in {lookup.File}, which is not there. On the console it stands beside the map, over HTTP it is a part 'lookup' of the form with this file name, before the part 'file'");
            tables.Add(await ReadAsync(lookup, file, cancellationToken));
        }
        return tables;
    }

    private async Task<Dictionary<string, string?>> ReadAsync(LookupDefinition lookup, ImportFile file, CancellationToken cancellationToken)
    {
        // The two columns are read as a map of their own reads columns: the same header, trimming and empty texts.
        var columns = new ImportMap(map.Name, map.Source, null, new MapContent(map.File, map.Numbers, map.Dates, [lookup.Key, lookup.Value], [], []));
        await using var opened = await OpenedFile.OpenAsync(file, columns, limits, cancellationToken);
        var table = new Dictionary<string, string?>(StringComparer.Ordinal);
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

    private void Add(Dictionary<string, string?> table, LookupDefinition lookup, RowValues row, RecordReader reader)
    {
        if (reader.Fault != RecordFault.None)
            throw Invalid($"{lookup.File}, line {reader.Line}: {Faults.Of(reader.Fault).Message}");
        var (key, value) = (row.Column(0), row.Column(1));
        if (key.IsEmpty)
            return;
        var text = value.IsEmpty ? null : value.Text;
        if (!table.TryAdd(key.Text, text) && table[key.Text] != text)
            throw Invalid($"{lookup.File}, line {reader.Line}: '{key.Text}' has the {lookup.Value.Label} '{text}', and '{table[key.Text]}' in an earlier line; a key has one value");
        if (table.Count > limits.LookupKeys)
            throw new ImportException(ImportErrorCodes.LimitExceeded, $"{lookup.File} has more than {limits.LookupKeys} keys. Join the files before the import.");
    }

    private static ImportException Invalid(string message) => new(ImportErrorCodes.LookupInvalid, message + ".");
}
