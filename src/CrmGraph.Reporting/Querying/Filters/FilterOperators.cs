using System.Linq.Expressions;
using System.Reflection;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Querying.Filters;

/// <summary>What stands after the operator's name: a value, a list of values, a number of calendar units, or one calendar unit.</summary>
public enum OperandShape { Value, List, Span, Unit }

/// <summary>
/// One operator. The condition that it builds is true or false, never unknown: a null value satisfies no positive operator but
/// <c>eq: null</c>, and so satisfies the negated ones.
/// </summary>
/// <param name="Build">From the subject and the operand, which is null only where <see cref="AllowsNull"/>.</param>
public sealed record FilterOperator(string Name, FilterKind Kinds, OperandShape Shape, Func<FilterSubject, object?, Expression> Build, string Description)
{
    public bool AllowsNull { get; init; }
    public double Cost { get; init; } = QueryCosts.Compare;
}

/// <summary>A number of calendar units, relative to today in the reporting time zone.</summary>
public sealed record RelativeSpanInput
{
    /// <summary>The number of units: 1 or more.</summary>
    public int Count { get; init; }
    /// <summary>The calendar unit.</summary>
    public CalendarUnit Unit { get; init; }
    /// <summary>Whether only whole units count, without the current one.</summary>
    [CrmGraph.GraphQL.Annotations.DefaultValue("false")] public bool Complete { get; init; }
}

/// <summary>The table of operators: names and meanings are HotChocolate's, and below them what reporting needs beside those. A new operator is one row.</summary>
public static class FilterOperators
{
    public static IReadOnlyList<FilterOperator> All { get; } =
    [
        new("eq", FilterKind.All, OperandShape.Value, Indexed(Equal), "Equal to the value; null matches rows without a value.") { AllowsNull = true },
        new("neq", FilterKind.All, OperandShape.Value, Not(Equal), "Not equal to the value; null matches rows that have a value.") { AllowsNull = true },
        new("in", FilterKind.All & ~FilterKind.Boolean, OperandShape.List, Indexed(In), "Equal to one of the values."),
        new("nin", FilterKind.All & ~FilterKind.Boolean, OperandShape.List, Not(In), "Equal to none of the values."),

        new("gt", FilterKind.Ordered, OperandShape.Value, Greater, "Greater or later than the value."),
        new("ngt", FilterKind.Ordered, OperandShape.Value, Not(Greater), "Not greater or later than the value, or without a value."),
        new("gte", FilterKind.Ordered, OperandShape.Value, GreaterOrEqual, "Greater or later than the value, or equal to it."),
        new("ngte", FilterKind.Ordered, OperandShape.Value, Not(GreaterOrEqual), "Less or earlier than the value, or without a value."),
        new("lt", FilterKind.Ordered, OperandShape.Value, Less, "Less or earlier than the value."),
        new("nlt", FilterKind.Ordered, OperandShape.Value, Not(Less), "Not less or earlier than the value, or without a value."),
        new("lte", FilterKind.Ordered, OperandShape.Value, LessOrEqual, "Less or earlier than the value, or equal to it."),
        new("nlte", FilterKind.Ordered, OperandShape.Value, Not(LessOrEqual), "Greater or later than the value, or without a value."),

        new("contains", FilterKind.Text, OperandShape.Value, Contains, "Contains the text, ignoring case.") { Cost = QueryCosts.Match },
        new("ncontains", FilterKind.Text, OperandShape.Value, Not(Contains), "Does not contain the text, ignoring case, or has no value.")
        {
            Cost = QueryCosts.Match,
        },
        new("startsWith", FilterKind.Text, OperandShape.Value, StartsWith, "Starts with the text, ignoring case.")
        {
            Cost = QueryCosts.Match
        },
        new("nstartsWith", FilterKind.Text, OperandShape.Value, Not(StartsWith), "Does not start with the text, ignoring case, or has no value.")
        {
            Cost = QueryCosts.Match,
        },
        new("endsWith", FilterKind.Text, OperandShape.Value, EndsWith, "Ends with the text, ignoring case.") { Cost = QueryCosts.Match },
        new("nendsWith", FilterKind.Text, OperandShape.Value, Not(EndsWith), "Does not end with the text, ignoring case, or has no value.")
        {
            Cost = QueryCosts.Match,
        },
        new("eqIgnoreCase", FilterKind.Text, OperandShape.Value, EqualIgnoreCase, "Equal to the text, ignoring case."),

        new("inLast", FilterKind.Day | FilterKind.Instant, OperandShape.Span, InLast,
            "In the last `count` calendar units, the current one up to and including today. With `complete: true`: in the last `count` whole units."),
        new("notInLast", FilterKind.Day | FilterKind.Instant, OperandShape.Span, Not(InLast), "The opposite of `inLast`: earlier, later, or without a value."),
        new("beforeLast", FilterKind.Day | FilterKind.Instant, OperandShape.Span, BeforeLast, "Earlier than the days that `inLast` covers."),
        new("inNext", FilterKind.Day | FilterKind.Instant, OperandShape.Span, InNext,
            "In the next `count` calendar units, the current one from today on. With `complete: true`: in the next `count` whole units."),
        new("notInNext", FilterKind.Day | FilterKind.Instant, OperandShape.Span, Not(InNext), "The opposite of `inNext`: earlier, later, or without a value."),
        new("afterNext", FilterKind.Day | FilterKind.Instant, OperandShape.Span, AfterNext, "Later than the days that `inNext` covers."),
        new("inThis", FilterKind.Day | FilterKind.Instant, OperandShape.Unit, InThis, "In the current calendar unit, including the days to come."),
        new("notInThis", FilterKind.Day | FilterKind.Instant, OperandShape.Unit, Not(InThis), "Not in the current calendar unit, or without a value."),
    ];

    /// <summary>The operators of a kind of value, in the order of the table.</summary>
    public static IEnumerable<FilterOperator> Of(FilterKind kind) => All.Where(o => (o.Kinds & kind) != 0);

    private static Func<FilterSubject, object?, Expression> Not(Func<FilterSubject, object?, Expression> positive) =>
        (subject, operand) => Expression.Not(positive(subject, operand));

    /// <summary>
    /// Equal texts are equal when folded too: where an index has those, it finds the rows. Only for what plain SQL, which must fold by itself on SQLite,
    /// folds as we do by making ASCII letters small.
    /// </summary>
    private static Func<FilterSubject, object?, Expression> Indexed(Func<FilterSubject, object?, Expression> exact) => (subject, operand) =>
    {
        if (!subject.IsSelective || operand is null)
            return exact(subject, operand);
        var texts = Operands.Items(operand).Cast<string?>().ToList();
        var folded = texts.ConvertAll(t => t is null ? null : subject.Fold(t));
        if (texts.Count == 0 || texts.Contains(null) || !folded.SequenceEqual(texts.Select(FoldedText.LowerAscii)))
            return exact(subject, operand);
        Expression found = operand is string
            ? Expression.Equal(subject.Folded!, QueryParameter.Of(folded[0], typeof(string)))
            : Expression.Call(
                typeof(Enumerable),
                nameof(Enumerable.Contains),
                [typeof(string)],
                QueryParameter.Of(folded, typeof(List<string?>)),
                subject.Folded!);
        return Expression.AndAlso(found, exact(subject, operand));
    };

    private static Expression Equal(FilterSubject subject, object? operand)
    {
        if (operand is null)
            return subject.IsNullable ? Expression.Equal(subject.Value, Expression.Constant(null, subject.Value.Type)) : Expression.Constant(false);
        return Stored(subject, operand) is { } value
            ? subject.WhenPresent(x => Expression.Equal(x, QueryParameter.Of(value, subject.ValueType)))
            : Expression.Constant(false);
    }

    private static Expression In(FilterSubject subject, object? operand)
    {
        var items = Operands.Items(operand!).ToList();
        var values = (System.Collections.IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(subject.ValueType))!;
        foreach (var item in items)
            if (item is not null && Stored(subject, item) is { } value)
                values.Add(value);
        Expression found = values.Count == 0
            ? Expression.Constant(false)
            : subject.WhenPresent(
                x => Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [subject.ValueType],
                    QueryParameter.Of(values, values.GetType()), x));
        return items.Contains(null) && subject.IsNullable
            ? Expression.OrElse(Expression.Equal(subject.Value, Expression.Constant(null, subject.Value.Type)), found)
            : found;
    }

    /// <summary>The operand as it would be stored, or null when no row can hold it.</summary>
    private static object? Stored(FilterSubject subject, object operand)
    {
        switch (subject.Kind)
        {
            case FilterKind.Text:
                return Operands.Text(operand);
            case FilterKind.Id:
                return subject.DecodeId(operand);
            default:
                var value = Operand.Of(subject, operand);
                return value.IsExact ? value.Floor : null;
        }
    }

    // For a stored x and any v: x > v exactly when x > floor(v), and x >= v exactly when x >= ceiling(v).

    private static Expression Greater(FilterSubject subject, object? operand) => Compare(ExpressionType.GreaterThan, subject, operand!, v => v.Floor, -1);

    private static Expression GreaterOrEqual(FilterSubject subject, object? operand)
        => Compare(ExpressionType.GreaterThanOrEqual, subject, operand!, v => v.Ceiling, -1);

    private static Expression Less(FilterSubject subject, object? operand) => Compare(ExpressionType.LessThan, subject, operand!, v => v.Ceiling, 1);

    private static Expression LessOrEqual(FilterSubject subject, object? operand)
        => Compare(ExpressionType.LessThanOrEqual, subject, operand!, v => v.Floor, 1);

    private static Expression Compare(ExpressionType comparison, FilterSubject subject, object operand, Func<Operand, object> neighbour, int holdsBeyond)
    {
        var value = Operand.Of(subject, operand);
        return subject.WhenPresent(x => value.Beyond == 0
            ? Expression.MakeBinary(comparison, x, QueryParameter.Of(neighbour(value), subject.ValueType))
            : Expression.Constant(value.Beyond == holdsBeyond));
    }

    private static Expression EqualIgnoreCase(FilterSubject subject, object? operand)
    {
        var text = subject.Fold(Operands.Text(operand!));
        return subject.WhenPresent(_ => Expression.Equal(subject.Folded!, QueryParameter.Of(text, typeof(string))));
    }

    private static Expression Contains(FilterSubject subject, object? operand)
    {
        var text = subject.Fold(Operands.Text(operand!));
        return subject.WhenPresent(_ => subject.Context.Target == FilterTarget.Memory
            ? Ordinal(nameof(string.Contains), subject.Folded!, text)
            : Expression.Call(subject.Folded!, StringMethod(nameof(string.Contains), typeof(string)), QueryParameter.Of(text, typeof(string))));
    }

    /// <summary>In the database a range: it can use an index, and LIKE on SQLite takes ASCII letters of either case for equal.</summary>
    private static Expression StartsWith(FilterSubject subject, object? operand)
    {
        var text = subject.Fold(Operands.Text(operand!));
        if (subject.Context.Target == FilterTarget.Memory)
            return subject.WhenPresent(_ => Ordinal(nameof(string.StartsWith), subject.Folded!, text));
        var after = FoldedText.AfterPrefix(text);
        return subject.WhenPresent(_ =>
        {
            var from = Against(ExpressionType.GreaterThanOrEqual, subject.Folded!, text);
            return after is null ? from : Expression.AndAlso(from, Against(ExpressionType.LessThan, subject.Folded!, after));
        });
    }

    /// <summary>In the database the end is cut off and compared; SQL counts code points where .NET counts UTF-16 units.</summary>
    private static Expression EndsWith(FilterSubject subject, object? operand)
    {
        var text = subject.Fold(Operands.Text(operand!));
        if (subject.Context.Target == FilterTarget.Memory)
            return subject.WhenPresent(_ => Ordinal(nameof(string.EndsWith), subject.Folded!, text));
        var length = QueryParameter.Of(FoldedText.CodePoints(text), typeof(int));
        return subject.WhenPresent(_ =>
        {
            var whole = Expression.Property(subject.Folded!, nameof(string.Length));
            var end = Expression.Call(subject.Folded!, StringMethod(nameof(string.Substring), typeof(int)), Expression.Subtract(whole, length));
            return Expression.AndAlso(Expression.GreaterThanOrEqual(whole, length), Expression.Equal(end, QueryParameter.Of(text, typeof(string))));
        });
    }

    private static BinaryExpression Against(ExpressionType comparison, Expression text, string value) => Expression.MakeBinary(
        comparison,
        Expression.Call(
            typeof(string).GetMethod(nameof(string.Compare), [typeof(string), typeof(string)])!,
            text,
            QueryParameter.Of(value, typeof(string))),
        Expression.Constant(0));

    private static MethodCallExpression Ordinal(string method, Expression text, string value) => Expression.Call(
        text, StringMethod(method, typeof(string), typeof(StringComparison)), QueryParameter.Of(value, typeof(string)), Expression.Constant(
            StringComparison.Ordinal));

    private static MethodInfo StringMethod(string name, params Type[] parameters) => typeof(string).GetMethod(name, parameters)!;

    private static Expression InLast(FilterSubject subject, object? operand) => Within(subject, Last(subject, operand!));

    private static Expression BeforeLast(FilterSubject subject, object? operand) => Bound(subject, ExpressionType.LessThan, Last(subject, operand!).From);

    private static Expression InNext(FilterSubject subject, object? operand) => Within(subject, Next(subject, operand!));

    private static Expression AfterNext(FilterSubject subject, object? operand)
        => Bound(subject, ExpressionType.GreaterThanOrEqual, Next(subject, operand!).Until);

    private static Expression InThis(FilterSubject subject, object? operand) => Within(subject, subject.Context.Moment.This((CalendarUnit)operand!));

    private static DayRange Last(FilterSubject subject, object operand)
    {
        var span = (RelativeSpanInput)operand;
        return subject.Context.Moment.Last(span.Count, span.Unit, span.Complete);
    }

    private static DayRange Next(FilterSubject subject, object operand)
    {
        var span = (RelativeSpanInput)operand;
        return subject.Context.Moment.Next(span.Count, span.Unit, span.Complete);
    }

    private static BinaryExpression Within(FilterSubject subject, DayRange days) =>
        Expression.AndAlso(Bound(subject, ExpressionType.GreaterThanOrEqual, days.From), Bound(subject, ExpressionType.LessThan, days.Until));

    private static Expression Bound(FilterSubject subject, ExpressionType comparison, DateOnly day) => subject.WhenPresent(x => Expression.MakeBinary(
        comparison,
        x,
        subject.Kind == FilterKind.Day
            ? QueryParameter.Of(day, typeof(DateOnly))
            : QueryParameter.Of(subject.Context.Moment.StartOf(day), typeof(DateTime))));
}
