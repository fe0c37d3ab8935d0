using System.Globalization;
using CrmGraph.Reporting.Imports.Values;

namespace CrmGraph.Reporting.Imports.Expressions;

/// <summary>The text is no expression.</summary>
internal sealed class ExpressionException(string message, int column) : Exception(message)
{
    /// <summary>Character in the expression, from 1.</summary>
    public int Column { get; } = column;
}

/// <summary>
/// Parses expressions. Binding, loosest first: or, and, not, comparisons and in, &amp; (join texts), + -, * / %, unary minus.
/// </summary>
internal sealed class ExpressionParser(string source, ImportLimits limits, Func<string, int> resolveColumn, Func<int, int> resolvePosition)
{
    private const string Wanted = "a column, a text in quotes, a number, a function or (";

    private static readonly string[] Comparisons = ["=", "!=", "<", "<=", ">", ">="];

    private readonly List<Token> _tokens = Lexer.Scan(source, limits.ExpressionCharacters);
    private int _position;
    private int _depth;

    private Token Current => _tokens[_position];

    public Expression Parse()
    {
        var expression = Disjunction();
        if (Current.Kind != TokenKind.End)
            throw Unexpected("the end, or an operator such as + or and");
        return expression;
    }

    private Expression Disjunction()
    {
        if (++_depth > limits.ExpressionDepth)
            throw new ExpressionException($"more than {limits.ExpressionDepth} levels of nesting", Current.Column);
        var left = Conjunction();
        while (TakeWord("or"))
            left = new Either(left, Conjunction());
        _depth--;
        return left;
    }

    private Expression Conjunction()
    {
        var left = Inverted();
        while (TakeWord("and"))
            left = new Both(left, Inverted());
        return left;
    }

    private Expression Inverted()
    {
        var count = 0;
        while (TakeWord("not"))
            count++;
        var operand = Compared();
        for (; count > 0; count--)
            operand = new Inversion(operand);
        return operand;
    }

    private Expression Compared()
    {
        var left = Joined();
        if (Current.Kind == TokenKind.Symbol && Comparisons.Contains(Current.Text))
        {
            var symbol = Next().Text;
            return new Comparison(symbol, left, Joined());
        }
        if (IsWord(Current, "not") && IsWord(_tokens[_position + 1], "in"))
        {
            _position += 2;
            return new Inversion(new OneOf(left, List()));
        }
        return TakeWord("in") ? new OneOf(left, List()) : left;
    }

    private Expression Joined()
    {
        var left = Sum();
        while (TakeSymbol("&"))
            left = new Concatenation(left, Sum());
        return left;
    }

    private Expression Sum()
    {
        var left = Product();
        while (Current is { Kind: TokenKind.Symbol, Text: "+" or "-" })
            left = new Arithmetic(Next().Text[0], left, Product());
        return left;
    }

    private Expression Product()
    {
        var left = Signed();
        while (Current is { Kind: TokenKind.Symbol, Text: "*" or "/" or "%" })
            left = new Arithmetic(Next().Text[0], left, Signed());
        return left;
    }

    private Expression Signed()
    {
        var count = 0;
        while (TakeSymbol("-"))
            count++;
        var operand = Primary();
        return count % 2 == 1 ? new Negation(operand) : operand;
    }

    private Expression Primary()
    {
        if (Current.Kind == TokenKind.End)
            throw Unexpected(Wanted);
        var token = Next();
        switch (token.Kind)
        {
            case TokenKind.Number:
                return new Constant(Value.Of(decimal.Parse(token.Text, CultureInfo.InvariantCulture)));
            case TokenKind.Text:
                return new Constant(Value.Of(token.Text));
            case TokenKind.ColumnName:
                return new ColumnValue(resolveColumn(token.Text), token.Text);
            case TokenKind.ColumnPosition:
                return new ColumnValue(resolvePosition(int.Parse(token.Text, CultureInfo.InvariantCulture)), "$" + token.Text);
            case TokenKind.Word:
                return Named(token);
            case TokenKind.Symbol when token.Text == "(":
                var inner = Disjunction();
                Expect(")");
                return inner;
            default:
                _position--;
                throw Unexpected(Wanted);
        }
    }

    private Expression Named(Token token)
    {
        if (Current is { Kind: TokenKind.Symbol, Text: "(" })
            return FunctionCall(token);
        return token.Text switch
        {
            "true" => new Constant(Value.Of(true)),
            "false" => new Constant(Value.Of(false)),
            "empty" => new Constant(Value.Empty),
            "and" or "or" or "not" or "in" => throw new ExpressionException($"'{token.Text}' stands where a value should", token.Column),
            _ => new ColumnValue(resolveColumn(token.Text), token.Text),
        };
    }

    private Call FunctionCall(Token token)
    {
        if (!Function.All.TryGetValue(token.Text, out var function))
            throw new ExpressionException($"there is no function '{token.Text}'{Suggestion.For(token.Text, Function.All.Keys)}", token.Column);
        var arguments = List();
        if (arguments.Count < function.Minimum || arguments.Count > function.Maximum)
            throw new ExpressionException($"{function.Name} is written {function.Signature}; {arguments.Count} values are given", token.Column);
        return new Call(function, arguments);
    }

    private List<Expression> List()
    {
        Expect("(");
        var items = new List<Expression>();
        if (TakeSymbol(")"))
            return items;
        do
            items.Add(Disjunction());
        while (TakeSymbol(","));
        Expect(")");
        return items;
    }

    private Token Next() => _tokens[_position < _tokens.Count - 1 ? _position++ : _position];

    private static bool IsWord(Token token, string word) => token.Kind == TokenKind.Word && token.Text == word;

    private bool TakeWord(string word)
    {
        if (!IsWord(Current, word))
            return false;
        _position++;
        return true;
    }

    private bool TakeSymbol(string symbol)
    {
        if (Current.Kind != TokenKind.Symbol || Current.Text != symbol)
            return false;
        _position++;
        return true;
    }

    private void Expect(string symbol)
    {
        if (!TakeSymbol(symbol))
            throw Unexpected($"'{symbol}'");
    }

    private ExpressionException Unexpected(string wanted) =>
        new(
            Current.Kind == TokenKind.End ? $"the expression ends where {wanted} should follow" : $"'{Current.Text}' stands where {wanted} should",
            Current.Column);
}

internal enum TokenKind { Number, Text, Word, ColumnName, ColumnPosition, Symbol, End }

internal readonly record struct Token(TokenKind Kind, string Text, int Column);

/// <summary>Splits an expression into tokens.</summary>
internal static class Lexer
{
    private static readonly string[] Symbols = ["<=", ">=", "!=", "<>", "==", "=", "<", ">", "+", "-", "*", "/", "%", "&", "(", ")", ","];

    public static List<Token> Scan(string source, int characterLimit)
    {
        if (source.Length > characterLimit)
            throw new ExpressionException($"longer than {characterLimit} characters", 1);
        var tokens = new List<Token>();
        var position = 0;
        while (true)
        {
            while (position < source.Length && char.IsWhiteSpace(source[position]))
                position++;
            if (position == source.Length)
                break;
            tokens.Add(One(source, ref position));
        }
        tokens.Add(new Token(TokenKind.End, "", source.Length + 1));
        return tokens;
    }

    private static Token One(string source, ref int position)
    {
        var start = position;
        var first = source[start];
        if (first is '\'' or '"')
            return new Token(TokenKind.Text, Enclosed(source, ref position, first, "text"), start + 1);
        if (first == '[')
            return new Token(TokenKind.ColumnName, Enclosed(source, ref position, ']', "column name").Trim(), start + 1);
        if (first == '$')
        {
            position++;
            var digits = While(source, ref position, char.IsAsciiDigit);
            return digits.Length is > 0 and < 6
                ? new Token(TokenKind.ColumnPosition, digits, start + 1)
                : throw new ExpressionException("$ is followed by the number of a column: $3 is the third", start + 1);
        }
        if (char.IsAsciiDigit(first))
            return Number(source, ref position);
        if (char.IsLetter(first) || first == '_')
            return new Token(TokenKind.Word, While(source, ref position, character => char.IsLetterOrDigit(character) || character == '_'), start + 1);
        foreach (var symbol in Symbols)
        {
            if (!source.AsSpan(start).StartsWith(symbol))
                continue;
            position += symbol.Length;
            return new Token(TokenKind.Symbol, symbol switch { "<>" => "!=", "==" => "=", _ => symbol }, start + 1);
        }
        throw new ExpressionException($"'{first}' means nothing here; names of columns with blanks or signs stand in brackets: [Order Date]", start + 1);
    }

    private static Token Number(string source, ref int position)
    {
        var start = position;
        var digits = While(source, ref position, character => char.IsAsciiDigit(character) || character == '.');
        return decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _)
            ? new Token(TokenKind.Number, digits, start + 1)
            : throw new ExpressionException($"'{digits}' is not a number", start + 1);
    }

    /// <summary>Up to the closing character; that character twice stands for itself.</summary>
    private static string Enclosed(string source, ref int position, char close, string what)
    {
        var start = position++;
        var result = new System.Text.StringBuilder();
        while (position < source.Length)
        {
            if (source[position] == close)
            {
                position++;
                if (position == source.Length || source[position] != close)
                    return result.ToString();
            }
            result.Append(source[position++]);
        }
        throw new ExpressionException($"the {what} is not closed with {close}", start + 1);
    }

    private static string While(string source, ref int position, Func<char, bool> belongs)
    {
        var start = position;
        while (position < source.Length && belongs(source[position]))
            position++;
        return source[start..position];
    }
}
