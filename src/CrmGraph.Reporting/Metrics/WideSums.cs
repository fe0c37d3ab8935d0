using System.Linq.Expressions;
using CrmGraph.Data.Database;

namespace CrmGraph.Reporting.Metrics;

/// <summary>What a statement sums of each stored number.</summary>
internal enum SumPart
{
    Whole,
    /// <summary>How many times <see cref="WideSums.Unit"/> is in it.</summary>
    High,
    /// <summary>What is left of it.</summary>
    Low,
}

/// <summary>
/// Sums that 64 bits do not hold are read in two parts, of which each fits for as many rows as a table can have. That is asked for only where the
/// whole turned out not to fit: two more statements would cost everybody.
/// </summary>
internal static class WideSums
{
    public const long Unit = 1_000_000_000;

    public static decimal Scale(SumPart part) => part == SumPart.High ? Unit : 1;

    /// <summary>Sums the part of what is summed in the expression.</summary>
    public static Expression Of(SumPart part, Expression summed) => part == SumPart.Whole ? summed : new Parts(part).Visit(summed);

    /// <summary>Whether one of the sums did not fit; the engine says so by the largest or the smallest number, or by <see cref="DatabaseEngine.IsSumTooLarge"/>.</summary>
    public static bool Overflowed(IReadOnlyList<FactRow> rows, IReadOnlySet<string> sums)
    {
        if (sums.Count == 0)
            return false;
        List<Measure> measures = [.. sums.Select(Enum.Parse<Measure>)];
        return rows.Any(row => measures.Exists(m => FactColumns.Value(row, m) is long.MinValue or long.MaxValue));
    }

    private sealed class Parts(SumPart part) : ExpressionVisitor
    {
        protected override Expression VisitLambda<T>(Expression<T> node) => node.ReturnType != typeof(long)
            ? base.VisitLambda(node)
            : Expression.Lambda<T>(part == SumPart.High ? Expression.Divide(node.Body, Expression.Constant(Unit)) : Expression.Modulo(node.Body, Expression.Constant(Unit)), node.Parameters);
    }
}
