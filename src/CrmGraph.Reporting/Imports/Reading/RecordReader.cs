using System.Buffers;

namespace CrmGraph.Reporting.Imports.Reading;

/// <summary>What is wrong with a record's text; such a record has no fields.</summary>
internal enum RecordFault { None, TextAfterQuote, QuoteNotClosed, TooLong, TooManyColumns, InvalidCharacter }

/// <summary>
/// Reads delimited text record by record in bounded memory. An own reader, because CsvHelper cannot split at runs of blanks, has no bound on a
/// record whose quote is never closed, and cannot go on at the next line after one. A record is parsed only when it is whole in the buffer; when
/// the text runs out in the middle, the buffer is filled and the record parsed again.
/// </summary>
internal sealed class RecordReader(TextReader text, FileFormat format, ImportLimits limits)
{
    private enum Outcome { Record, NeedsText, End }

    private readonly record struct FieldRange(int Start, int Length, bool Escaped);

    private readonly SearchValues<char> _fieldEnds = SearchValues.Create(
        format.Delimiter is { } delimiter ? [delimiter[0], '\r', '\n'] : [' ', '\t', '\r', '\n']);
    private readonly SearchValues<char> _invalid = SearchValues.Create(format.KeepInvalidCharacters ? ['\0'] : ['\0', '\uFFFD']);
    private readonly List<FieldRange> _fields = [];
    private char[] _buffer = new char[1 << 16];
    private int _recordStart;
    private int _recordLength;
    private int _end;
    private bool _isEnded;
    private bool _isStarted;
    private long _linesDone;
    private int _linesOfRecord;
    private int _unclosedRecords;

    /// <summary>The physical line, from 1, on which the record begins.</summary>
    public long Line { get; private set; }
    public RecordFault Fault { get; private set; }
    public int Count => _fields.Count;
    public long BlankLines { get; private set; }
    public long CommentLines { get; private set; }
    /// <summary>Characters read so far, for progress.</summary>
    public long CharactersRead { get; private set; }

    /// <summary>The record as it stands in the file, without its line end.</summary>
    public ReadOnlySpan<char> Raw => _buffer.AsSpan(_recordStart, _recordLength).TrimEnd("\r\n");

    /// <summary>Goes to the next record; false at the end of the text. Spans of the record before are void then.</summary>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (!_isStarted)
            return ReadSlowlyAsync(cancellationToken);
        var outcome = NextInBuffer();
        return outcome == Outcome.NeedsText ? ReadSlowlyAsync(cancellationToken) : new ValueTask<bool>(outcome == Outcome.Record);
    }

    /// <summary>A field without its quotes, trimmed if the format says so and it was not quoted.</summary>
    public ReadOnlySpan<char> Field(int index)
    {
        var range = _fields[index];
        var field = _buffer.AsSpan(_recordStart + range.Start, range.Length);
        return range.Escaped ? Unescape(field) : field;
    }

    private async ValueTask<bool> ReadSlowlyAsync(CancellationToken cancellationToken)
    {
        if (!_isStarted)
        {
            _isStarted = true;
            await SkipLinesAsync(cancellationToken);
        }
        while (true)
        {
            switch (NextInBuffer())
            {
                case Outcome.Record: return true;
                case Outcome.End: return false;
                default:
                    if (_end - _recordStart >= limits.RecordCharacters)
                        return await RefuseLongRecordAsync(cancellationToken);
                    await FillAsync(cancellationToken);
                    break;
            }
        }
    }

    private Outcome NextInBuffer()
    {
        Release();
        while (true)
        {
            var rest = _buffer.AsSpan(_recordStart, _end - _recordStart);
            if (rest.IsEmpty)
                return _isEnded ? Outcome.End : Outcome.NeedsText;
            if (format.Comment is { } comment && rest.Length < comment.Length && !_isEnded)
                return Outcome.NeedsText;
            var isComment = format.Comment is { } mark && rest.StartsWith(mark);
            if (!isComment && rest[0] is not ('\r' or '\n'))
                return Parse(rest);
            var lineEnd = LineEnd(rest);
            if (lineEnd < 0)
                return Outcome.NeedsText;
            BlankLines += isComment ? 0 : 1;
            CommentLines += isComment ? 1 : 0;
            _recordStart += lineEnd;
            _linesDone++;
        }
    }

    /// <summary>Leaves the record before.</summary>
    private void Release()
    {
        _recordStart += _recordLength;
        _linesDone += _linesOfRecord;
        _recordLength = 0;
        _linesOfRecord = 0;
        _fields.Clear();
        Fault = RecordFault.None;
    }

    private Outcome Parse(ReadOnlySpan<char> rest)
    {
        _fields.Clear();
        var position = 0;
        while (true)
        {
            if (format.Delimiter is null)
                position += LeadingBlanks(rest[position..]);
            var isQuoted = position < rest.Length && format.Quote == rest[position];
            var fault = RecordFault.None;
            var fieldEnd = isQuoted ? QuotedField(rest, position, out fault) : PlainField(rest, position);
            if (fault != RecordFault.None)
                return Refuse(rest, fault);
            if (fieldEnd < 0)
                return Outcome.NeedsText;
            if (_fields.Count > limits.Columns)
            {
                if (LineEnd(rest[..position]) > 0)
                    CountUnclosed();
                return Refuse(rest, RecordFault.TooManyColumns);
            }
            if (fieldEnd == rest.Length)
                return _isEnded ? Accept(rest, fieldEnd, 0) : Outcome.NeedsText;
            var newline = NewlineAt(rest, fieldEnd);
            if (newline < 0)
                return Outcome.NeedsText;
            if (newline > 0)
                return Accept(rest, fieldEnd + newline, 1);
            position = fieldEnd + (format.Delimiter?.Length ?? 1);
            if (format.Delimiter is null && AtLineEndAfterBlanks(rest, position) is var blankEnd && blankEnd != 0)
            {
                if (blankEnd < 0)
                    return Outcome.NeedsText;
                return Accept(rest, blankEnd, 1);
            }
        }
    }

    private Outcome Accept(ReadOnlySpan<char> rest, int length, int lines)
    {
        _recordLength = length;
        Line = _linesDone + 1;
        var body = rest[..length];
        // Only quoted fields hold line ends; counting them is cheaper than tracking them.
        _linesOfRecord = Math.Max(lines, CountLines(body));
        if (body.ContainsAny(_invalid))
            return Refuse(rest, RecordFault.InvalidCharacter, length);
        return Outcome.Record;
    }

    /// <summary>Gives up the record at its first line end, or at the end that is known.</summary>
    private Outcome Refuse(ReadOnlySpan<char> rest, RecordFault fault, int knownLength = 0)
    {
        var length = knownLength > 0 ? knownLength : LineEnd(rest);
        if (length < 0)
            return Outcome.NeedsText;
        _fields.Clear();
        Fault = fault;
        Line = _linesDone + 1;
        _recordLength = length;
        _linesOfRecord = knownLength > 0 ? Math.Max(1, CountLines(rest[..length])) : 1;
        return Outcome.Record;
    }

    /// <summary>The end of an unquoted field; -1 when more text is needed.</summary>
    private int PlainField(ReadOnlySpan<char> rest, int start)
    {
        var position = start;
        while (true)
        {
            var found = rest[position..].IndexOfAny(_fieldEnds);
            var end = found < 0 ? rest.Length : position + found;
            if (found < 0 && !_isEnded)
                return -1;
            if (found >= 0 && format.Delimiter is { Length: > 1 } delimiter && rest[end] == delimiter[0] && !rest[end..].StartsWith(delimiter))
            {
                if (rest.Length - end < delimiter.Length && !_isEnded)
                    return -1;
                position = end + 1;
                continue;
            }
            Add(rest, start, end);
            return end;
        }
    }

    private void Add(ReadOnlySpan<char> rest, int start, int end)
    {
        if (format.Trims)
        {
            while (start < end && char.IsWhiteSpace(rest[start]))
                start++;
            while (end > start && char.IsWhiteSpace(rest[end - 1]))
                end--;
        }
        _fields.Add(new FieldRange(start, end - start, false));
    }

    /// <summary>The position after the closing quote (and blanks behind it); -1 when more text is needed.</summary>
    private int QuotedField(ReadOnlySpan<char> rest, int start, out RecordFault fault)
    {
        fault = RecordFault.None;
        var quote = format.Quote!.Value;
        var escape = format.Escape == QuoteEscape.Backslash ? '\\' : quote;
        var isEscaped = false;
        var position = start + 1;
        while (true)
        {
            var found = rest[position..].IndexOfAny(quote, escape);
            if (found < 0)
            {
                fault = _isEnded ? RecordFault.QuoteNotClosed : RecordFault.None;
                return -1;
            }
            position += found;
            if (position + 1 >= rest.Length && !_isEnded)
                return -1;
            var next = position + 1 < rest.Length ? rest[position + 1] : '\0';
            if (rest[position] == escape && (escape != quote || next == quote) && position + 1 < rest.Length)
            {
                isEscaped = true;
                position += 2;
                continue;
            }
            _fields.Add(new FieldRange(start + 1, position - start - 1, isEscaped));
            return AfterQuote(rest, position + 1, out fault);
        }
    }

    private int AfterQuote(ReadOnlySpan<char> rest, int position, out RecordFault fault)
    {
        fault = RecordFault.None;
        if (format.Delimiter is { } delimiter)
        {
            while (position < rest.Length && rest[position] is ' ' or '\t' && rest[position] != delimiter[0])
                position++;
            if (position == rest.Length || rest[position] is '\r' or '\n' || rest[position..].StartsWith(delimiter))
                return position == rest.Length && !_isEnded ? -1 : position;
            if (rest.Length - position < delimiter.Length && !_isEnded)
                return -1;
        }
        else if (position == rest.Length || rest[position] is '\r' or '\n' or ' ' or '\t')
        {
            return position;
        }
        fault = RecordFault.TextAfterQuote;
        return -1;
    }

    private ReadOnlySpan<char> Unescape(ReadOnlySpan<char> field)
    {
        var escape = format.Escape == QuoteEscape.Backslash ? '\\' : format.Quote!.Value;
        var result = new char[field.Length];
        var length = 0;
        for (var i = 0; i < field.Length; i++)
        {
            if (field[i] == escape && i + 1 < field.Length)
                i++;
            result[length++] = field[i];
        }
        return result.AsSpan(0, length);
    }

    private static int LeadingBlanks(ReadOnlySpan<char> rest)
    {
        var count = 0;
        while (count < rest.Length && rest[count] is ' ' or '\t')
            count++;
        return count;
    }

    /// <summary>Blanks before a line end are no field: the length up to behind the line end; 0 when a field follows; -1 when more text is needed.</summary>
    private int AtLineEndAfterBlanks(ReadOnlySpan<char> rest, int position)
    {
        position += LeadingBlanks(rest[position..]);
        if (position == rest.Length)
            return _isEnded ? position : -1;
        var newline = NewlineAt(rest, position);
        return newline <= 0 ? newline : position + newline;
    }

    /// <summary>The length of the line end at a position: CRLF, LF or a lone CR; 0 when there is none; -1 when the next character decides.</summary>
    private int NewlineAt(ReadOnlySpan<char> rest, int position)
    {
        if (rest[position] == '\n')
            return 1;
        if (rest[position] != '\r')
            return 0;
        if (position + 1 == rest.Length)
            return _isEnded ? 1 : -1;
        return rest[position + 1] == '\n' ? 2 : 1;
    }

    private int LineEnd(ReadOnlySpan<char> rest)
    {
        var found = rest.IndexOfAny('\r', '\n');
        if (found < 0)
            return _isEnded ? rest.Length : -1;
        var newline = NewlineAt(rest, found);
        return newline < 0 ? -1 : found + newline;
    }

    private static int CountLines(ReadOnlySpan<char> body) => body.Contains('\n') ? body.Count('\n') : body.Count('\r');

    private async Task SkipLinesAsync(CancellationToken cancellationToken)
    {
        for (var skipped = 0; skipped < format.SkipLines;)
        {
            var lineEnd = LineEnd(_buffer.AsSpan(_recordStart, _end - _recordStart));
            if (lineEnd > 0)
            {
                _recordStart += lineEnd;
                _linesDone++;
                skipped++;
            }
            else if (_isEnded)
            {
                return;
            }
            else
            {
                // A long line before the header is dropped as it comes; nothing of it is needed but its end.
                if (_end - _recordStart >= limits.RecordCharacters)
                    _recordStart = _end - 1;
                await FillAsync(cancellationToken);
            }
        }
    }

    private async ValueTask<bool> RefuseLongRecordAsync(CancellationToken cancellationToken)
    {
        var kept = Math.Min(limits.RejectedRowCharacters, _end - _recordStart);
        var firstLine = LineEnd(_buffer.AsSpan(_recordStart, _end - _recordStart));
        Fault = firstLine > 0 ? RecordFault.QuoteNotClosed : RecordFault.TooLong;
        Line = _linesDone + 1;
        _linesOfRecord = 1;
        _fields.Clear();
        if (firstLine > 0)
        {
            CountUnclosed();
            _recordLength = firstLine;
            return true;
        }
        // One endless line: keep its beginning, drop the rest as it comes.
        while (true)
        {
            var tail = _buffer.AsSpan(_recordStart + kept, _end - _recordStart - kept);
            var lineEnd = LineEnd(tail);
            if (lineEnd >= 0)
            {
                tail[lineEnd..].CopyTo(tail);
                _end -= lineEnd;
                _recordLength = kept;
                return true;
            }
            // A CR at the very end may still be followed by its LF.
            _end = _recordStart + kept + (tail.Length > 0 && tail[^1] == '\r' ? 1 : 0);
            if (_end > _recordStart + kept)
                _buffer[_end - 1] = '\r';
            await FillAsync(cancellationToken);
        }
    }

    /// <summary>Such a record is looked through far beyond the one line that is then given up: of many of them a small file would take days.</summary>
    private void CountUnclosed()
    {
        if (++_unclosedRecords > limits.UnclosedRecords)
            throw new ImportException(ImportErrorCodes.LimitExceeded,
                $"{limits.UnclosedRecords} records have quotes that go on over far too many lines, and so has line {_linesDone + 1}. Is file.quote of the map "
                + "right? 'none' makes quotes letters.");
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_recordStart > 0)
        {
            _buffer.AsSpan(_recordStart, _end - _recordStart).CopyTo(_buffer);
            _end -= _recordStart;
            _recordStart = 0;
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var count = await ReadTextAsync(cancellationToken);
        _isEnded = count == 0;
        _end += count;
        CharactersRead += count;
    }

    private async ValueTask<int> ReadTextAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await text.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new ImportException(
                ImportErrorCodes.FileUnreadable,
                $"The file cannot be read to its end (after line {_linesDone}): {exception.Message}",
                exception);
        }
    }
}
