using System.Globalization;

namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>A formula that cannot be read or makes no sense.</summary>
/// <param name="position">Of the character, from 1.</param>
internal sealed class FormulaException(string message, int position) : Exception(message)
{
    public int Position { get; } = position;
}

/// <summary>A part of a formula, with the position of its first character.</summary>
internal abstract record FormulaNode(int Position);

internal sealed record NumberNode(int Position, decimal Value) : FormulaNode(Position);

internal sealed record MetricNode(int Position, string Key, IReadOnlyList<FormulaArgument> Arguments) : FormulaNode(Position);

internal sealed record NegationNode(int Position, FormulaNode Of) : FormulaNode(Position);

/// <param name="Position">That of the operator.</param>
internal sealed record OperationNode(int Position, char Operator, FormulaNode Left, FormulaNode Right) : FormulaNode(Position);

internal sealed record FormulaArgument(string Name, string Value, int Position);

/// <summary>What formulas may be at most.</summary>
internal sealed record FormulaLimits(int Characters, int Parts, int Depth);

/// <summary>
/// Reads formulas: numbers, metrics by their keys (with arguments: <c>cac(lag: 30)</c>), <c>+ - * /</c> and parentheses. Products before sums, from left to right.
/// </summary>
internal sealed class FormulaParser
{
    private readonly string _text;
    private readonly FormulaLimits _limits;
    private int _at, _parts, _depth;

    private FormulaParser(string text, FormulaLimits limits) => (_text, _limits) = (text, limits);

    /// <exception cref="FormulaException">The text is no formula.</exception>
    public static FormulaNode Parse(string text, FormulaLimits limits)
    {
        if (text.Length > limits.Characters)
            throw new FormulaException($"A formula has at most {limits.Characters} characters, not {text.Length}.", limits.Characters + 1);
        var parser = new FormulaParser(text, limits);
        var formula = parser.Sum();
        return parser.Next is '\0' && parser.IsAtEnd ? formula : throw parser.Unexpected("an operator or the end");
    }

    /// <summary>The next character that is no blank, or NUL at the end.</summary>
    private char Next
    {
        get
        {
            while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
                _at++;
            return _at < _text.Length ? _text[_at] : '\0';
        }
    }

    private bool IsAtEnd => _at >= _text.Length;

    private FormulaNode Sum() => Chain(Product, '+', '-');

    private FormulaNode Product() => Chain(Factor, '*', '/');

    private FormulaNode Chain(Func<FormulaNode> operand, char one, char other)
    {
        var left = operand();
        while (Next == one || Next == other)
        {
            var (at, sign) = (_at + 1, _text[_at++]);
            left = Counted(new OperationNode(at, sign, left, operand()));
        }

        return left;
    }

    private FormulaNode Factor()
    {
        if (++_depth > _limits.Depth)
            throw new FormulaException($"Parentheses and signs stand at most {_limits.Depth} deep in one another.", _at + 1);
        var (next, at) = (Next, _at + 1);
        FormulaNode factor;
        if (next == '-')
        {
            _at++;
            factor = new NegationNode(at, Factor());
        }
        else if (next == '(')
        {
            _at++;
            factor = Sum();
            Expect(')', $"\")\" for the \"(\" at {at}");
        }
        else
            factor = IsDigit(next) || next == '.' ? Number(at) : IsLetter(next) ? Metric(at) : throw Unexpected("a metric, a number or \"(\"");
        _depth--;
        return Counted(factor);
    }

    private NumberNode Number(int at)
    {
        var start = _at;
        while (_at < _text.Length && (IsDigit(_text[_at]) || _text[_at] == '.'))
            _at++;
        var text = _text[start.._at];
        // Sums of products of more than this can leave the numbers that there are.
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value <= 1_000_000_000_000
            && text.TrimEnd('0').Length - 1 - text.IndexOf('.', StringComparison.Ordinal) is var decimals && (!text.Contains('.') || decimals <= 9)
            ? new(at, value)
            : throw new FormulaException($"\"{text}\" is no number up to 1000000000000 with at most 9 decimals.", at);
    }

    private MetricNode Metric(int at)
    {
        var key = Name();
        if (Next != '(')
            return new(at, key, []);
        var arguments = new List<FormulaArgument>();
        do
        {
            _at++;
            if (!IsLetter(Next))
                throw Unexpected($"the name of an argument of {key}");
            var (place, name) = (_at + 1, Name());
            Expect(':', $"\":\" after {name}");
            var (blank, start) = (Next, _at);
            while (_at < _text.Length && (IsLetter(_text[_at]) || IsDigit(_text[_at])))
                _at++;
            if (_at == start)
                throw Unexpected($"the value of {name}");
            arguments.Add(new(name, _text[start.._at], place));
        }
        while (Next == ',');
        Expect(')', $"\",\" or \")\" after the arguments of {key}");
        return new(at, key, arguments);
    }

    private string Name()
    {
        var start = _at;
        while (_at < _text.Length && (IsLetter(_text[_at]) || IsDigit(_text[_at])))
            _at++;
        return _text[start.._at];
    }

    private void Expect(char wanted, string what)
    {
        if (Next != wanted)
            throw Unexpected(what);
        _at++;
    }

    private FormulaNode Counted(FormulaNode node) => ++_parts <= _limits.Parts
        ? node
        : throw new FormulaException($"A formula has at most {_limits.Parts} numbers, metrics and operators.", node.Position);

    private FormulaException Unexpected(string expected) =>
        new($"Expected {expected}, found {(Next is '\0' ? IsAtEnd ? "the end" : "U+0000" : $"\"{Next}\"")}.", _at + 1);

    private static bool IsDigit(char c) => c is >= '0' and <= '9';

    private static bool IsLetter(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '_';
}
