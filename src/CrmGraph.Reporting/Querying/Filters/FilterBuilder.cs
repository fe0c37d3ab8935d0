using System.Collections;
using System.Linq.Expressions;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.Reporting.Querying.Filters;

/// <summary>
/// Makes a condition on rows from a coerced filter input. Fields side by side, and operators side by side, must all hold. Every
/// condition is true or false, never unknown, so that <c>not</c> means the same in SQL as in C#. Values are parameters of the SQL.
/// </summary>
public static class FilterBuilder
{
    /// <summary>The condition of a filter. Call <see cref="PrepareAsync"/> first where the filter may hold fields that need it (segments).</summary>
    public static Expression<Func<T, bool>> Build<T>(InputObject where, FilterContext context)
    {
        FilterBudget.Check(where, context.Limits);
        var row = Expression.Parameter(typeof(T), "x");
        return Expression.Lambda<Func<T, bool>>(Row(where, row, context), row);
    }

    /// <summary>Prepares every field of a filter, then makes its condition.</summary>
    public static async ValueTask<Expression<Func<T, bool>>> BuildAsync<T>(InputObject where, FilterContext context, CancellationToken cancellationToken)
    {
        FilterBudget.Check(where, context.Limits);
        await PrepareAsync(where, context, cancellationToken);
        return Build<T>(where, context);
    }

    /// <summary>Lets every field that is used, at any depth, load what it needs.</summary>
    public static async ValueTask PrepareAsync(InputObject where, FilterContext context, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in where.Fields)
        {
            if (value is null)
                continue;
            if (where.Type.Field(name)?.Tag is FilterField field)
                await field.PrepareAsync(value, context, cancellationToken);
            foreach (var part in Parts(value))
                await PrepareAsync(part, context, cancellationToken);
        }
    }

    /// <summary>Whether anything in the filter refers to today or to the settings.</summary>
    internal static bool ReadsMoment(InputObject where)
    {
        foreach (var (name, value) in where.Fields)
        {
            if (where.Type.Field(name)?.Tag is FilterField { ReadsMoment: true } or FilterOperator { Shape: OperandShape.Span or OperandShape.Unit })
                return true;
            foreach (var part in Parts(value))
                if (ReadsMoment(part))
                    return true;
        }

        return false;
    }

    /// <summary>Whether what anything in the filter means depends on which rows the caller may see.</summary>
    internal static bool DependsOnCaller(InputObject where) => where.Fields.Any(f =>
        where.Type.Field(f.Key)?.Tag is FilterField { DependsOnCaller: true } || Parts(f.Value).Any(DependsOnCaller));

    /// <summary>The condition of a filter inside another one, which has been checked against the limits as a whole.</summary>
    public static Expression<Func<T, bool>> Inner<T>(InputObject where, FilterContext context)
    {
        var row = Expression.Parameter(typeof(T), "y");
        return Expression.Lambda<Func<T, bool>>(Row(where, row, context), row);
    }

    internal static bool IsRowFilter(InputObjectType type) => type.Tag is FilterRow;

    /// <summary>All fields of a row's filter, and-ed; true when there are none.</summary>
    internal static Expression Row(InputObject where, Expression row, FilterContext context)
    {
        Expression? all = null;
        foreach (var (name, value) in where.Fields)
        {
            var field = (FilterField)where.Type.Field(name)!.Tag!;
            all = And(all, field.Build(row, NotNull(value, name, where), context));
        }

        return all ?? Expression.Constant(true);
    }

    /// <summary>All operators on a value, and-ed; true when there are none.</summary>
    internal static Expression Operand(InputObject operand, FilterSubject subject)
    {
        Expression? all = null;
        foreach (var (name, value) in operand.Fields)
        {
            var part = operand.Type.Field(name)!.Tag is FilterOperator op
                ? op.Build(subject, op.AllowsNull ? value : NotNull(value, name, operand))
                : Logical(name, NotNull(value, name, operand), inner => Operand(inner, subject));
            all = And(all, part);
        }

        return all ?? Expression.Constant(true);
    }

    internal static Expression Logical(string name, object value, Func<InputObject, Expression> build)
    {
        Expression? whole = null;
        foreach (var item in (IEnumerable)value)
        {
            if (item is not InputObject part)
                throw new GraphQLException(ErrorCodes.NullInFilter, $"A list of `{name}` holds null; null values are not supported there.");
            var condition = build(part);
            whole = whole is null ? condition : name == "or" ? Expression.OrElse(whole, condition) : Expression.AndAlso(whole, condition);
        }

        // An empty `and` asks nothing. An empty `or` is nobody or everybody, depending on whom one asks: it is better refused.
        return whole ?? (name == "and"
            ? Expression.Constant(true)
            : throw new GraphQLException(ErrorCodes.InvalidArgument, "`or` needs at least one condition; leave it out to put no condition."));
    }

    internal static Expression And(Expression? left, Expression right) => left is null ? right : Expression.AndAlso(left, right);

    internal static object NotNull(object? value, string name, InputObject where)
    {
        if (value is not null)
            return value;
        throw new GraphQLException(new GraphQLError(
            $"The provided value for filter `{name}` of type {where.Type.Name} is invalid. Null values are not supported.")
        {
            Code = ErrorCodes.NullInFilter,
            Extensions = new Dictionary<string, object?>
            {
                ["expectedType"] = $"{where.Type.Field(name)?.Type}!",
                ["filterType"] = where.Type.Name,
            },
        });
    }

    internal static IEnumerable<InputObject> Parts(object? value) => value switch
    {
        InputObject one => [one],
        string => [],
        IEnumerable many => many.OfType<InputObject>(),
        _ => [],
    };
}
