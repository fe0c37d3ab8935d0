using System.IO.Compression;
using System.Text;

namespace CrmGraph.Reporting.Imports.Reading;

/// <summary>Turns the bytes of a file into text: unpacks gzip (known by its first bytes), and reads the encoding; a byte order mark wins over the map.</summary>
internal static class SourceText
{
    private const int BufferBytes = 1 << 16;

    /// <summary>The caller keeps the stream and closes it.</summary>
    public static async Task<StreamReader> OpenAsync(Stream stream, string encodingName, ImportLimits limits, CancellationToken cancellationToken)
    {
        var encoding = FindEncoding(encodingName)
            ?? throw new ImportException(
                ImportErrorCodes.MapInvalid,
                $"The encoding '{encodingName}' is unknown. Examples: utf-8, utf-16, gb18030, windows-1252.");
        var head = new byte[4];
        var count = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        var packed = new PrefixedStream(head.AsMemory(0, count), stream);
        Stream whole = packed;
        if (head.AsSpan(0, count).StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
            whole = new UnpackedStream(new GZipStream(packed, CompressionMode.Decompress, leaveOpen: true), packed, limits.UnpackedRatio);
        else if (head.AsSpan(0, count).StartsWith("PK\u0003\u0004"u8))
            throw new ImportException(
                ImportErrorCodes.FileUnreadable,
                "The file is a ZIP archive or an Excel workbook. Unpack it, or save the sheet as CSV; gzip is read as it is.");
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
    private sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) : ForwardStream
    {
        private ReadOnlyMemory<byte> _prefix = prefix;

        public long BytesRead { get; private set; }

        public override int Read(Span<byte> buffer) => Counted(_prefix.IsEmpty ? rest.Read(buffer) : TakePrefix(buffer));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Counted(_prefix.IsEmpty ? await rest.ReadAsync(buffer, cancellationToken) : TakePrefix(buffer.Span));

        private int Counted(int count)
        {
            BytesRead += count;
            return count;
        }

        private int TakePrefix(Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, _prefix.Length);
            _prefix.Span[..count].CopyTo(buffer);
            _prefix = _prefix[count..];
            return count;
        }
    }

    /// <summary>What gzip unpacks to. A little that becomes very much is made to keep a server busy.</summary>
    private sealed class UnpackedStream(GZipStream unpacked, PrefixedStream packed, int ratio) : ForwardStream
    {
        private const long UnaskedBytes = 64 << 20;
        private long _bytes;

        public override int Read(Span<byte> buffer) => Checked(unpacked.Read(buffer));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return Checked(await unpacked.ReadAsync(buffer, cancellationToken));
            }
            catch (InvalidDataException e)
            {
                throw new InvalidDataException("it begins as gzip, and what follows is broken or cut off.", e);
            }
        }

        private int Checked(int count)
        {
            _bytes += count;
            return _bytes <= UnaskedBytes || _bytes <= packed.BytesRead * ratio
                ? count
                : throw new ImportException(
                    ImportErrorCodes.LimitExceeded,
                    $"The gzip file unpacks to more than {ratio} times its size. If it is a table nevertheless, send it unpacked.");
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                unpacked.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>Read once, from the beginning to the end.</summary>
    private abstract class ForwardStream : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public abstract override int Read(Span<byte> buffer);

        public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
