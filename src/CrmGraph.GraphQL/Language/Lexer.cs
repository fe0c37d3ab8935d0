using System.Globalization;

namespace CrmGraph.GraphQL.Language;

/// <summary>
/// Reads tokens one after another (section 2.1). A mutable struct: copying it is how the parser looks ahead. It makes no objects;
/// columns count UTF-16 units.
/// </summary>
internal partial struct Lexer(string source)
{
    private readonly string _source = source;
    private int _position;
    private int _line = 1;
    private int _lineStart;

    public Token Next()
    {
        var text = _source;
        while ((uint)_position < (uint)text.Length)
        {
            var c = text[_position];
            switch (c)
            {
                case '\uFEFF' or '\t' or ' ' or ',':
                    _position++;
                    continue;
                case '\n':
                    NewLine(1);
                    continue;
                case '\r':
                    NewLine(At(_position + 1) == '\n' ? 2 : 1);
                    continue;
                case '#':
                    SkipComment();
                    continue;
                case '!': return Punctuator(TokenKind.Bang);
                case '$': return Punctuator(TokenKind.Dollar);
                case '&': return Punctuator(TokenKind.Ampersand);
                case '(': return Punctuator(TokenKind.ParenLeft);
                case ')': return Punctuator(TokenKind.ParenRight);
                case ':': return Punctuator(TokenKind.Colon);
                case '=': return Punctuator(TokenKind.EqualsSign);
                case '@': return Punctuator(TokenKind.At);
                case '[': return Punctuator(TokenKind.BracketLeft);
                case ']': return Punctuator(TokenKind.BracketRight);
                case '{': return Punctuator(TokenKind.BraceLeft);
                case '|': return Punctuator(TokenKind.Pipe);
                case '}': return Punctuator(TokenKind.BraceRight);
                case '.': return Spread();
                case '"': return At(_position + 1) == '"' && At(_position + 2) == '"' ? BlockString() : String();
            }

            if (IsNameStart(c))
                return Name();
            if (char.IsAsciiDigit(c) || c == '-')
                return Number();
            throw Unexpected(c);
        }

        return Take(TokenKind.EndOfFile, text.Length);
    }

    public static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    public static bool IsNameContinue(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private readonly char At(int position) => (uint)position < (uint)_source.Length ? _source[position] : '\0';

    private void NewLine(int length)
    {
        _position += length;
        _line++;
        _lineStart = _position;
    }

    private Token Punctuator(TokenKind kind) => Take(kind, _position + 1);

    private Token Take(TokenKind kind, int end, bool hasEscapes = false)
    {
        var token = new Token(kind, _position, end, _line, _position - _lineStart + 1, hasEscapes);
        _position = end;
        return token;
    }

    private Token Name()
    {
        var end = _position + 1;
        while ((uint)end < (uint)_source.Length && IsNameContinue(_source[end]))
            end++;
        return Take(TokenKind.Name, end);
    }

    private Token Spread()
    {
        if (At(_position + 1) == '.')
            return At(_position + 2) == '.' ? Take(TokenKind.Spread, _position + 3) : throw Error(_position, "Unexpected \"..\"; a spread is written \"...\".");
        throw char.IsAsciiDigit(At(_position + 1))
            ? Error(_position, "A number cannot begin with \".\"; write a digit before it, such as \"0.5\".")
            : Unexpected('.');
    }

    private void SkipComment()
    {
        var rest = _source.AsSpan(_position);
        var length = rest.IndexOfAny('\n', '\r');
        if (length < 0)
            length = rest.Length;
        // Any Unicode scalar value may stand in a comment; half a surrogate pair is none and is reported where it stands.
        var surrogate = rest[..length].IndexOfAnyInRange('\uD800', '\uDFFF');
        while (surrogate >= 0)
        {
            if (!IsPair(_position + surrogate))
                throw Unexpected(_source[_position += surrogate]);
            var next = rest[(surrogate + 2)..length].IndexOfAnyInRange('\uD800', '\uDFFF');
            surrogate = next < 0 ? -1 : surrogate + 2 + next;
        }

        _position += length;
    }

    private Token Number()
    {
        var end = _position;
        var kind = TokenKind.Int;
        if (At(end) == '-')
            end++;
        if (At(end) == '0')
        {
            if (char.IsAsciiDigit(At(++end)))
                throw Error(end, $"A number cannot begin with 0 and another digit ({Describe(end)}).");
        }
        else
        {
            end = Digits(end);
        }

        if (At(end) == '.')
        {
            kind = TokenKind.Float;
            end = Digits(end + 1);
        }

        if (At(end) is 'e' or 'E')
        {
            kind = TokenKind.Float;
            if (At(++end) is '+' or '-')
                end++;
            end = Digits(end);
        }

        return At(end) == '.' || IsNameStart(At(end))
            ? throw Error(end, $"A number cannot be followed by {Describe(end)}.")
            : Take(kind, end);
    }

    private readonly int Digits(int start)
    {
        if (!char.IsAsciiDigit(At(start)))
            throw Error(start, $"Expected a digit of a number but found {Describe(start)}.");
        var end = start + 1;
        while (char.IsAsciiDigit(At(end)))
            end++;
        return end;
    }

    private readonly bool IsPair(int position) => char.IsHighSurrogate(At(position)) && char.IsLowSurrogate(At(position + 1));

    private readonly SyntaxException Unexpected(char c) => Error(_position, c switch
    {
        '\'' => "Unexpected single quote; strings stand in double quotes (\").",
        _ when char.IsSurrogate(c) && !IsPair(_position) => $"Invalid character {Describe(_position)}: half of a surrogate pair.",
        _ => $"Unexpected character {Describe(_position)}.",
    });

    private readonly SyntaxException Error(int position, string message) => SyntaxException.At(_source, position, message);

    private readonly string Describe(int position)
    {
        if (position >= _source.Length)
            return "the end of the document";
        var code = IsPair(position) ? char.ConvertToUtf32(_source, position) : _source[position];
        return code is >= 0x20 and <= 0x7E ? $"'{(char)code}'" : "U+" + code.ToString("X4", CultureInfo.InvariantCulture);
    }
}
