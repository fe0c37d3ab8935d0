using System.Text;

namespace CrmGraph.GraphQL.Language;

/// <summary>Strings and block strings (section 2.10.4): checked when lexed, decoded when a node needs the value.</summary>
internal partial struct Lexer
{
    /// <summary>The value of a string or block string token.</summary>
    public static string StringValue(string source, in Token token)
    {
        if (token.Kind == TokenKind.BlockString)
            return Language.BlockString.Value(source.AsSpan(token.Start + 3, token.End - token.Start - 6));
        var body = source.AsSpan(token.Start + 1, token.End - token.Start - 2);
        return token.HasEscapes ? Unescape(body) : body.ToString();
    }

    private Token String()
    {
        var position = _position + 1;
        var escapes = false;
        while (position < _source.Length)
        {
            var c = _source[position];
            switch (c)
            {
                case '"':
                    return Take(TokenKind.String, position + 1, escapes);
                case '\\':
                    escapes = true;
                    position += EscapeLength(position);
                    break;
                case '\n' or '\r':
                    throw Error(position, "The string is not closed on its line; end it with \" or use a block string (\"\"\").");
                default:
                    position += CharacterLength(position, c);
                    break;
            }
        }

        throw Error(position, "The string is not closed; end it with \".");
    }

    private Token BlockString()
    {
        int position = _position + 3, lines = 0, lineStart = _lineStart;
        while (position < _source.Length)
        {
            var c = _source[position];
            if (c == '"' && At(position + 1) == '"' && At(position + 2) == '"')
            {
                var token = Take(TokenKind.BlockString, position + 3);
                _line += lines;
                _lineStart = lineStart;
                return token;
            }

            if (c == '\\' && At(position + 1) == '"' && At(position + 2) == '"' && At(position + 3) == '"')
            {
                position += 4;
            }
            else if (c is '\n' or '\r')
            {
                position += c == '\r' && At(position + 1) == '\n' ? 2 : 1;
                lines++;
                lineStart = position;
            }
            else
            {
                position += CharacterLength(position, c);
            }
        }

        throw Error(position, "The block string is not closed; end it with \"\"\".");
    }

    private readonly int CharacterLength(int position, char c) =>
        !char.IsSurrogate(c) ? 1
        : IsPair(position) ? 2
        : throw Error(position, $"Invalid character {Describe(position)} in a string: half of a surrogate pair.");

    private readonly int EscapeLength(int position)
    {
        var c = At(position + 1);
        if (c != 'u')
            return c is '"' or '\\' or '/' or 'b' or 'f' or 'n' or 'r' or 't' ? 2 : throw BadEscape(position, 2);
        if (At(position + 2) == '{')
            return BracedEscapeLength(position);
        var code = Hex4(position + 2);
        if (code is >= 0 and < 0xD800 or >= 0xE000)
            return 6;
        var pair = code is >= 0xD800 and <= 0xDBFF && At(position + 6) == '\\' && At(position + 7) == 'u' && Hex4(position + 8) is >= 0xDC00 and <= 0xDFFF;
        return pair ? 12 : throw BadEscape(position, 6);
    }

    private readonly int BracedEscapeLength(int position)
    {
        // Leading zeros are allowed, so the value and not the number of digits is bounded.
        int point = 0, end = position + 3;
        while (char.IsAsciiHexDigit(At(end)) && point <= 0x10FFFF)
            point = (point << 4) | HexValue(_source[end++]);
        var valid = At(end) == '}' && end > position + 3 && (point is < 0xD800 or (>= 0xE000 and <= 0x10FFFF));
        return valid ? end + 1 - position : throw BadEscape(position, end + 1 - position);
    }

    private readonly int Hex4(int position)
    {
        var code = 0;
        for (var i = position; i < position + 4; i++)
        {
            if (!char.IsAsciiHexDigit(At(i)))
                return -1;
            code = (code << 4) | HexValue(_source[i]);
        }

        return code;
    }

    private static int HexValue(char c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;

    private readonly SyntaxException BadEscape(int position, int length) =>
        Error(position, $"Invalid escape sequence {_source.AsSpan(position, Math.Min(length, _source.Length - position))} in a string.");

    private static string Unescape(ReadOnlySpan<char> body)
    {
        var text = new StringBuilder(body.Length);
        for (var slash = body.IndexOf('\\'); slash >= 0; slash = body.IndexOf('\\'))
        {
            text.Append(body[..slash]);
            body = body[(slash + 1)..];
            var length = body[0] != 'u' ? 1 : body[1] != '{' ? 5 : body.IndexOf('}') + 1;
            if (length == 1)
                text.Append(body[0] switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', var c => c });
            else if (body[1] == '{')
                text.Append(char.ConvertFromUtf32(Hex(body[2..(length - 1)])));
            else
                text.Append((char)Hex(body[1..length]));
            body = body[length..];
        }

        return text.Append(body).ToString();
    }

    private static int Hex(ReadOnlySpan<char> digits)
    {
        var value = 0;
        foreach (var c in digits)
            value = (value << 4) | HexValue(c);
        return value;
    }
}
