using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Imports.Expressions;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Imports.Reading;
using CrmGraph.Reporting.Imports.Values;

namespace CrmGraph.Reporting.Imports.Rows;

/// <summary>
/// The row at hand, by the map's columns. A cell becomes a text when something asks for it, at most once per row, and not at all when it
/// is the same as in the row before: files repeat themselves (order numbers, dates, countries).
/// </summary>
internal sealed class RowValues : IRowValues
{
    private readonly ImportMap _map;
    private readonly RecordReader _reader;
    private readonly IReadOnlyList<LookupTable> _tables;
    private readonly int[] _indexes;
    private readonly Value[] _values;
    private readonly long[] _stamps;
    private readonly string?[] _lastTexts;
    private long _stamp;

    /// <param name="header">Null for files without.</param>
    /// <param name="columnCount">Fields that each row has.</param>
    public RowValues(
        ImportMap map,
        RecordReader reader,
        string fileName,
        IReadOnlyList<string>? header,
        int columnCount,
        DateOnly today,
        IReadOnlyList<LookupTable> tables)
    {
        _tables = tables;
        (_map, _reader, FileName, ColumnCount, Today) = (map, reader, fileName, columnCount, today);
        _indexes = new ColumnBinder(map, fileName, header, columnCount).Bind(out var absent);
        AbsentColumns = absent;
        var used = _indexes.ToHashSet();
        Unused = header is null
            ? []
            : [.. header.Select((name, index) => (name, index)).Where(column => !used.Contains(column.index) && column.name.Length > 0)];
        _values = new Value[map.Columns.Count];
        _stamps = new long[map.Columns.Count];
        _lastTexts = new string?[columnCount];
    }

    public int ColumnCount { get; }
    public string FileName { get; }
    public long Line => _reader.Line;
    public NumberFormat Numbers => _map.Numbers;
    public DateFormats Dates => _map.Dates;
    public DateOnly Today { get; }
    /// <summary>Columns that the map uses and the file does not have.</summary>
    public IReadOnlyList<string> AbsentColumns { get; }
    /// <summary>Columns of the file that the map does not use.</summary>
    public IReadOnlyList<(string Name, int Index)> Unused { get; }

    /// <summary>The reader has gone to another row.</summary>
    public void MoveNext() => _stamp++;

    public Value Column(int reference)
    {
        if (_stamps[reference] == _stamp)
            return _values[reference];
        var derived = _map.Columns[reference].Derived;
        var value = derived is not null ? derived.Read(this) : _indexes[reference] < 0 ? Value.Empty : Cell(_indexes[reference]);
        _values[reference] = value;
        _stamps[reference] = _stamp;
        return value;
    }

    public Value Lookup(int table, string key) => _tables[table].Find(key);

    /// <summary>Tells apart rows that differ in a column that the map uses.</summary>
    public UInt128 Fingerprint(bool usesAll)
    {
        var text = new StringBuilder();
        foreach (var index in usesAll ? Enumerable.Range(0, ColumnCount) : _indexes.Where(index => index >= 0))
        {
            var cell = Cell(index).Text;
            text.Append(cell.Length).Append(':').Append(cell);
        }
        return BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.Unicode.GetBytes(text.ToString())));
    }

    /// <summary>A cell by its place in the row; empty behind the row's end.</summary>
    public Value Cell(int index)
    {
        if (index >= _reader.Count)
            return Value.Empty;
        var span = _reader.Field(index);
        if (_map.File.Trims)
            span = span.Trim();
        if (span.IsEmpty)
            return Value.Empty;
        if (_lastTexts[index] is { } last && span.SequenceEqual(last))
            return Text(last);
        var text = span.ToString();
        _lastTexts[index] = text;
        return Text(text);
    }

    private Value Text(string cell)
    {
        var text = _map.File.IsGuarded ? CsvText.Unguarded(cell) : cell;
        return MeansEmpty(text) ? Value.Empty : Value.Of(text);
    }

    private bool MeansEmpty(string text)
    {
        foreach (var empty in _map.File.EmptyTexts)
        {
            if (text == empty)
                return true;
        }
        return false;
    }
}

/// <summary>Finds the map's columns in a file.</summary>
internal sealed class ColumnBinder(ImportMap map, string fileName, IReadOnlyList<string>? header, int columnCount)
{
    /// <summary>The place of each of the map's columns in the file, from 0; -1 for derived and absent ones.</summary>
    public int[] Bind(out IReadOnlyList<string> absent)
    {
        var absentNames = new List<string>();
        var missing = new List<string>();
        var indexes = new int[map.Columns.Count];
        for (var i = 0; i < indexes.Length; i++)
        {
            var column = map.Columns[i];
            indexes[i] = column.Derived is not null ? -1 : Find(column);
            if (column.Derived is null && indexes[i] < 0)
                (column.MayBeMissing ? absentNames : missing).Add(string.Join(" / ", column.Names.DefaultIfEmpty(column.Label)));
        }
        if (missing.Count > 0)
            throw Missing(missing);
        absent = absentNames;
        return indexes;
    }

    private ImportException Missing(List<string> missing)
    {
        var found = header is null
            ? $"{columnCount} columns without a header; the map names them by position (column: 1)"
            : "the header " + string.Join(", ", header.Take(100));
        var hint = header is { Count: 1 } && header[0].AsSpan().ContainsAny(",;\t|") ? " Is file.delimiter right?" : "";
        var near = header is null ? "" : Suggestion.For(missing[0], header);
        return new ImportException(ImportErrorCodes.ColumnMissing, $"{fileName} has no column {string.Join(", ", missing)}{near}. Found: {found}.{hint} "
            + "A column that a file may lack is marked 'optional: true'; a fixed text is written {const: text}.");
    }

    private int Find(ColumnReference column)
    {
        if (column.Position > 0)
            return column.Position <= columnCount ? column.Position - 1 : -1;
        if (header is null)
            return -1;
        foreach (var name in column.Names)
        {
            var found = One(name, (text) => text == name);
            if (found < 0)
                found = One(name, (text) => Folded(text) == Folded(name));
            if (found >= 0)
                return found;
        }
        return -1;
    }

    private int One(string name, Func<string, bool> matches)
    {
        var found = -1;
        for (var i = 0; i < header!.Count; i++)
        {
            if (!matches(header[i]))
                continue;
            if (found >= 0)
                throw new ImportException(
                    ImportErrorCodes.ColumnMissing,
                    $"{fileName} has two columns '{name}' ({found + 1} and {i + 1}); name the right one by its position: 'column: {found + 1}'.");
            found = i;
        }
        return found;
    }

    private static string Folded(string text) => FoldedText.Normalized(text).Trim().ToUpperInvariant();
}
