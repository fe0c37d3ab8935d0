using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Imports.Reading;

namespace CrmGraph.Reporting.Imports.Rows;

/// <summary>A file whose records are read one after the other, its header first.</summary>
internal sealed class OpenedFile : IAsyncDisposable
{
    private readonly ImportFile _file;
    private readonly ImportMap _map;
    private readonly StreamReader _text;

    private OpenedFile(ImportFile file, ImportMap map, Stream stream, StreamReader text, ImportLimits limits)
    {
        (_file, _map, Stream, _text) = (file, map, stream, text);
        Reader = new RecordReader(text, map.File, limits);
    }

    public Stream Stream { get; }
    public RecordReader Reader { get; }
    /// <summary>Null for files without.</summary>
    public IReadOnlyList<string>? Header { get; private set; }
    /// <summary>Fields that each row has.</summary>
    public int ColumnCount { get; private set; }
    /// <summary>The reader stands on a row.</summary>
    public bool HasRow { get; set; }

    public static async Task<OpenedFile> OpenAsync(ImportFile file, ImportMap map, ImportLimits limits, CancellationToken cancellationToken)
    {
        var stream = Open(file);
        try
        {
            return new OpenedFile(file, map, stream, await SourceText.OpenAsync(stream, map.File.Encoding, limits, cancellationToken), limits);
        }
        catch (Exception exception)
        {
            await stream.DisposeAsync();
            if (exception is IOException or InvalidDataException)
                throw new ImportException(ImportErrorCodes.FileUnreadable, $"{file.Name} cannot be read: {exception.Message}", exception);
            throw;
        }
    }

    /// <summary>Reads the header and goes to the first row; null when a file without a header is empty.</summary>
    public async Task<RecordReader?> ReadFirstAsync(CancellationToken cancellationToken)
    {
        if (!await Reader.ReadAsync(cancellationToken))
            return !_map.File.HasHeader
                ? null
                : throw new ImportException(ImportErrorCodes.FileUnreadable, $"{_file.Name} is empty; the map expects a header.");
        Header = _map.File.HasHeader ? ReadHeader() : null;
        ColumnCount = Header?.Count ?? Reader.Count;
        return Reader;
    }

    public async Task GoToFirstRowAsync(CancellationToken cancellationToken) => HasRow = Header is null || await Reader.ReadAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _text.Dispose();
        await Stream.DisposeAsync();
    }

    private static Stream Open(ImportFile file)
    {
        try
        {
            return file.Open();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ImportException(ImportErrorCodes.FileUnreadable, $"{file.Name} cannot be opened: {exception.Message}", exception);
        }
    }

    private List<string> ReadHeader()
    {
        if (Reader.Fault != RecordFault.None)
            throw new ImportException(ImportErrorCodes.FileUnreadable,
                $"The header of {_file.Name} (line {Reader.Line}) cannot be read: {Faults.Of(Reader.Fault).Message}. "
                + "Are file.encoding, file.delimiter and file.quote of the map right?");
        // A trailing delimiter makes a last column without a name.
        return [.. Enumerable.Range(0, Reader.Count).Select(i => Reader.Field(i).Trim().ToString())];
    }
}
