using System.IO.Compression;
using System.Text;

namespace CrmGraph.Reporting.Imports.Reading;

/// <summary>Turns the bytes of a file into text: unpacks gzip (known by its first bytes), and reads the encoding; a byte order mark wins over the map.</summary>
internal static class SourceText
{
    private const int BufferBytes = 1 << 16;

    /// <summary>The caller keeps the stream and closes it.</summary>
    public static async Task<StreamReader> OpenAsync(Stream stream, string encodingName, CancellationToken cancellationToken)
    {
        var encoding = FindEncoding(encodingName)
            ?? throw new ImportException(ImportErrorCodes.MapInvalid, $"The encoding '{encodingName}' is unknown. Examples: utf-8, utf-16, gb18030, windows-1252.");
        var head = new byte[4];
        var count = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        Stream whole = new PrefixedStream(head.AsMemory(0, count), stream);
        if (head.AsSpan(0, count).StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
            whole = new GZipStream(whole, CompressionMode.Decompress, leaveOpen: true);
        else if (head.AsSpan(0, count).StartsWith("PK\u0003\u0004"u8))
            throw new ImportException(ImportErrorCodes.FileUnreadable, "The file is a ZIP archive or an Excel workbook. Unpack it, or save the sheet as CSV; gzip is read as it is.");
        return new StreamReader(whole, encoding, detectEncodingFromByteOrderMarks: true, BufferBytes, leaveOpen: true);
    }

    /// <summary>Code pages such as gb18030 and windows-1252 come from a provider that .NET does not search by itself.</summary>
    public static Encoding? FindEncoding(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The first bytes, which were read to know the format, and then the rest of the stream.</summary>
    private sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) : Stream
    {
        private ReadOnlyMemory<byte> _prefix = prefix;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer) => _prefix.IsEmpty ? rest.Read(buffer) : TakePrefix(buffer);

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _prefix.IsEmpty ? rest.ReadAsync(buffer, cancellationToken) : new ValueTask<int>(TakePrefix(buffer.Span));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private int TakePrefix(Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, _prefix.Length);
            _prefix.Span[..count].CopyTo(buffer);
            _prefix = _prefix[count..];
            return count;
        }
    }
}
