using System.IO.Compression;
using System.Text;
using CrmGraph.Reporting.Imports.Reading;

namespace CrmGraph.Reporting.Imports.Suggesting;

/// <summary>The first rows of a file that nobody has described yet: how it is written was found by trying.</summary>
internal sealed record FileSample(FileFormat Format, IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>Bytes of the beginning of a file that are looked at.</summary>
    public const int Bytes = 65_536;
    private const int UnpackedBytes = 262_144, RowsAtMost = 200, LinesBeforeTheHeader = 10;

    private static readonly string?[] Delimiters = [",", ";", "\t", "|", null];

    /// <summary>Where column 0 stands in a file without a header: column 1.</summary>
    public string NameOf(int column) => Format.HasHeader ? Header[column] : $"{column + 1}";

    /// <summary>The values of a column that are there.</summary>
    public IEnumerable<string> Values(int column) => Rows.Select(row => column < row.Count ? row[column] : "").Where(value => value.Length > 0);

    /// <param name="head">The file's first bytes as they are, packed ones too.</param>
    /// <exception cref="ImportException">FILE_UNREADABLE, with what would be right.</exception>
    public static async Task<FileSample> ReadAsync(byte[] head, ImportLimits limits, CancellationToken cancellationToken)
    {
        if (head.AsSpan().StartsWith("PK\u0003\u0004"u8))
            throw Unreadable("The file is a ZIP archive or an Excel workbook. Unpack it, or save the sheet as CSV; gzip is read as it is.");
        var isPacked = head.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]);
        var bytes = isPacked ? Unpack(head) : head;
        var (encoding, text) = Decode(bytes);
        if (isPacked || head.Length >= Bytes)
            text = text[..(text.LastIndexOf('\n') is >= 0 and var last ? last + 1 : text.Length)];
        if (string.IsNullOrWhiteSpace(text))
            throw Unreadable("The file is empty.");
        if (text.Contains('\0'))
            throw Unreadable("The file is no text. Save it as CSV.");

        FileSample? best = null;
        var quality = -1.0;
        foreach (var delimiter in Delimiters)
        {
            var format = new FileFormat { Delimiter = delimiter, Encoding = encoding, Quote = delimiter is null ? null : '"' };
            var rows = await RowsAsync(text, format, limits, cancellationToken);
            var (width, share) = Width(rows);
            var quality2 = width < 2 ? 0 : share * (delimiter is null ? 0.5 : 1) + Math.Min(width, 50) / 1_000.0;
            if (quality2 <= quality)
                continue;
            quality = quality2;
            best = Make(format, rows, Math.Max(width, 1));
        }

        return best is { Header.Count: > 0 } ? best : throw Unreadable("No rows were found in the file. Is it delimited text?");
    }

    private static FileSample Make(FileFormat format, List<IReadOnlyList<string>> rows, int width)
    {
        var skipped = width == 1 ? 0 : rows.Take(LinesBeforeTheHeader).TakeWhile(row => row.Count < width && row.Count(cell =>
            cell.Length > 0) < width).Count();
        if (skipped == rows.Count)
            skipped = 0;
        rows = rows[skipped..];
        var hasHeader = rows.Count > 0 && IsHeader(rows[0]);
        // An unnamed column is known by its place.
        return new(format with { HasHeader = hasHeader, SkipLines = skipped },
            rows.Count == 0 ? [] : hasHeader ? rows[0] : [.. Enumerable.Range(1, width).Select(i => $"{i}")], rows[(hasHeader ? 1 : 0)..]);
    }

    /// <summary>Names: none of them a number, a date or an address, and hardly any two alike.</summary>
    private static bool IsHeader(IReadOnlyList<string> row) =>
        row.Any(cell => cell.Length > 0) && !row.Any(cell => cell.Length > 0 && (ValueTraits.IsNumber(cell) || ValueTraits.IsDate(cell)
            || ValueTraits.IsEmailAddress(cell)))
            && row.Where(cell => cell.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).Count() >= 0.8 * row.Count(cell => cell.Length > 0);

    private static async Task<List<IReadOnlyList<string>>> RowsAsync(string text, FileFormat format, ImportLimits limits, CancellationToken cancellationToken)
    {
        var reader = new RecordReader(new StringReader(text), format, limits);
        var rows = new List<IReadOnlyList<string>>();
        while (rows.Count <= RowsAtMost + LinesBeforeTheHeader && await reader.ReadAsync(cancellationToken))
            if (reader.Fault == RecordFault.None)
                rows.Add([.. Enumerable.Range(0, reader.Count).Select(i => reader.Field(i).Trim().ToString())]);
        return rows;
    }

    /// <summary>How many fields most rows have, and what share of the rows.</summary>
    private static (int Width, double Share) Width(List<IReadOnlyList<string>> rows)
    {
        var most = rows.GroupBy(row => row.Count).OrderByDescending(group => group.Count()).ThenByDescending(group => group.Key).FirstOrDefault();
        return most is null ? (0, 0) : (most.Key, (double)most.Count() / rows.Count);
    }

    /// <summary>As far as the packed bytes reach: the sample ends somewhere within them.</summary>
    private static byte[] Unpack(byte[] head)
    {
        var unpacked = new byte[UnpackedBytes];
        var count = 0;
        try
        {
            using var gzip = new GZipStream(new MemoryStream(head), CompressionMode.Decompress);
            for (int read; count < unpacked.Length && (read = gzip.Read(unpacked.AsSpan(count, Math.Min(4_096, unpacked.Length - count)))) > 0;)
                count += read;
        }
        catch (InvalidDataException e) when (count == 0)
        {
            throw Unreadable($"The file begins as gzip and cannot be unpacked: {e.Message}");
        }
        catch (InvalidDataException)
        {
        }
        return unpacked[..count];
    }

    private static (string Encoding, string Text) Decode(byte[] bytes)
    {
        foreach (var (mark, name) in new (byte[], string)[] { ([0xEF, 0xBB, 0xBF], "utf-8"), ([0xFF, 0xFE], "utf-16"), ([0xFE, 0xFF], "utf-16BE") })
            if (bytes.AsSpan().StartsWith(mark))
                return (name, Text(name, bytes.AsSpan(mark.Length)));
        // The last character may be cut.
        var utf8 = Encoding.UTF8.GetString(bytes);
        if (utf8.AsSpan(0, Math.Max(0, utf8.Length - 3)).IndexOf('\uFFFD') < 0)
            return ("utf-8", utf8.TrimEnd('\uFFFD'));
        // In Chinese text of two bytes a letter, high bytes stand in pairs; in Western text they stand alone between letters.
        int high = 0, paired = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] < 0x80)
                continue;
            high++;
            if ((i > 0 && bytes[i - 1] >= 0x80) || (i + 1 < bytes.Length && bytes[i + 1] >= 0x80))
                paired++;
        }
        var encoding = paired > 0.8 * high ? "gb18030" : "windows-1252";
        return (encoding, Text(encoding, bytes));
    }

    private static string Text(string encoding, ReadOnlySpan<byte> bytes) => SourceText.FindEncoding(encoding)!.GetString(bytes);

    private static ImportException Unreadable(string message) => new(ImportErrorCodes.FileUnreadable, message);
}
