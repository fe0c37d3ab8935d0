using CrmGraph.Reporting.Imports.Values;

namespace CrmGraph.Reporting.Imports.Expressions;

/// <summary>Where an expression finds the values of a row.</summary>
internal interface IRowValues
{
    long Line { get; }
    string FileName { get; }
    NumberFormat Numbers { get; }
    DateFormats Dates { get; }
    /// <summary>By it years of two digits are told apart.</summary>
    DateOnly Today { get; }
    /// <summary>The text of a column, or the value of a derived column.</summary>
    Value Column(int reference);
    /// <summary>What a table to look up in has under a key; empty when it has nothing.</summary>
    Value Lookup(int table, string key);
}

/// <summary>
/// A node of the map's expression language: values without loops, variables or effects, so every expression ends, and only on the row at hand.
/// </summary>
internal abstract record Expression
{
    /// <summary>Throws <see cref="ValueException"/> when a value is not what the operation needs; the row is refused then.</summary>
    public abstract Value Evaluate(IRowValues row);

    /// <summary>The expressions that it is made of.</summary>
    public virtual IReadOnlyList<Expression> Parts => [];
}

internal sealed record Constant(Value Value) : Expression
{
    public override Value Evaluate(IRowValues row) => Value;
}

internal sealed record ColumnValue(int Reference, string Name) : Expression
{
    public override Value Evaluate(IRowValues row) => row.Column(Reference);
}

internal sealed record Negation(Expression Operand) : Expression
{
    public override IReadOnlyList<Expression> Parts => [Operand];

    public override Value Evaluate(IRowValues row)
    {
        var operand = Operand.Evaluate(row);
        return operand.IsEmpty ? Value.Empty : Value.Of(-Operands.Number(operand, row, "-"));
    }
}

internal sealed record Inversion(Expression Operand) : Expression
{
    public override IReadOnlyList<Expression> Parts => [Operand];

    public override Value Evaluate(IRowValues row) => Value.Of(!Operands.Truth(Operand.Evaluate(row), "not"));
}

internal sealed record Both(Expression Left, Expression Right) : Expression
{
    public override IReadOnlyList<Expression> Parts => [Left, Right];

    public override Value Evaluate(IRowValues row) => Value.Of(Operands.Truth(Left.Evaluate(row), "and") && Operands.Truth(Right.Evaluate(row), "and"));
}

internal sealed record Either(Expression Left, Expression Right) : Expression
{
    public override IReadOnlyList<Expression> Parts => [Left, Right];

    public override Value Evaluate(IRowValues row) => Value.Of(Operands.Truth(Left.Evaluate(row), "or") || Operands.Truth(Right.Evaluate(row), "or"));
}

/// <summary>One of + - * / %; empty when a side is empty.</summary>
internal sealed record Arithmetic(char Operator, Expression Left, Expression Right) : Expression
{
    public override IReadOnlyList<Expression> Parts => [Left, Right];

    public override Value Evaluate(IRowValues row)
    {
        var left = Left.Evaluate(row);
        var right = Right.Evaluate(row);
        if (left.IsEmpty || right.IsEmpty)
            return Value.Empty;
        var name = Operator.ToString();
        var a = Operands.Number(left, row, name);
        var b = Operands.Number(right, row, name);
        if (b == 0 && Operator is '/' or '%')
            throw new ValueException($"{left.Text} {name} 0 has no result");
        try
        {
            return Value.Of(Operator switch { '+' => a + b, '-' => a - b, '*' => a * b, '/' => a / b, _ => a % b });
        }
        catch (OverflowException)
        {
            throw new ValueException($"{left.Text} {name} {right.Text} is too large a number");
        }
    }
}

/// <summary>Texts one after the other; an empty side adds nothing.</summary>
internal sealed record Concatenation(Expression Left, Expression Right) : Expression
{
    public override IReadOnlyList<Expression> Parts => [Left, Right];

    public override Value Evaluate(IRowValues row) => Operands.Text(Left.Evaluate(row).Text + Right.Evaluate(row).Text);
}

/// <summary>
/// One of = != &lt; &lt;= &gt; &gt;=. With a number on one side the other is read as a number, with a day or moment as a day or moment;
/// otherwise texts are compared character by character. An empty value equals only an empty value and is neither less nor greater.
/// </summary>
internal sealed record Comparison(string Operator, Expression Left, Expression Right) : Expression
{
    public override IReadOnlyList<Expression> Parts => [Left, Right];

    public override Value Evaluate(IRowValues row)
    {
        var left = Left.Evaluate(row);
        var right = Right.Evaluate(row);
        if (left.IsEmpty || right.IsEmpty)
            return Value.Of(Operator == "=" ? left.IsEmpty == right.IsEmpty : Operator == "!=" && left.IsEmpty != right.IsEmpty);
        var order = Operands.Compare(left, right, row, Operator);
        return Value.Of(Operator switch
        {
            "=" => order == 0,
            "!=" => order != 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        });
    }
}

internal sealed record OneOf(Expression Operand, IReadOnlyList<Expression> Choices) : Expression
{
    public override IReadOnlyList<Expression> Parts => [Operand, .. Choices];

    public override Value Evaluate(IRowValues row)
    {
        var operand = Operand.Evaluate(row);
        foreach (var choice in Choices)
        {
            var value = choice.Evaluate(row);
            if (operand.IsEmpty || value.IsEmpty ? operand.IsEmpty && value.IsEmpty : Operands.Compare(operand, value, row, "in") == 0)
                return Value.Of(true);
        }
        return Value.Of(false);
    }
}

internal sealed record Call(Function Function, IReadOnlyList<Expression> Arguments) : Expression
{
    public override IReadOnlyList<Expression> Parts => Arguments;

    public override Value Evaluate(IRowValues row) => Function.Evaluate(Arguments, row);
}
