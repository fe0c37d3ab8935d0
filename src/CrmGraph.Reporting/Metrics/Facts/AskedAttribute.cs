using System.Globalization;
using System.Linq.Expressions;
using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>A free attribute by which a question groups.</summary>
/// <param name="Column">Where rows have it: each of an owner's attributes has a column of its own.</param>
/// <param name="Borders">Those of the bands that it is told apart by; by its values where there are none.</param>
internal sealed record AskedAttribute(string Column, string Key, IReadOnlyList<decimal> Borders)
{
    /// <summary>How many attributes of one owner a question can have.</summary>
    public const int Most = 4;

    /// <summary>The columns of the attributes of one owner, by the first of them.</summary>
    public static IReadOnlyList<string> Columns(string first) =>
        [first, .. Enumerable.Range(2, Most - 1).Select(n => string.Create(CultureInfo.InvariantCulture, $"{first}{n}"))];

    /// <summary>Stands in a row for the attributes that a question names, until the question is known.</summary>
    public static string? Of(IEnumerable<FreeFactAttribute> attributes) =>
        throw new InvalidOperationException($"{attributes} are read by a database alone.");

    /// <summary>A row with the attributes that are asked for in the place of what stands for them.</summary>
    public static IEnumerable<MemberAssignment> Named(IEnumerable<MemberAssignment> row, IReadOnlyList<AskedAttribute> asked) =>
        row.SelectMany(column => Read(column.Expression) is { } attributes
            ? asked.Where(a => Columns(column.Member.Name).Contains(a.Column)).Select(a => a.Bound(attributes))
            : [column]);

    private static Expression? Read(Expression column)
    {
        if (column is not MethodCallExpression call || call.Method.DeclaringType != typeof(AskedAttribute))
            return null;
        return call.Arguments[0] is UnaryExpression { NodeType: ExpressionType.Convert } upcast ? upcast.Operand : call.Arguments[0];
    }

    private MemberAssignment Bound(Expression attributes)
    {
        LambdaExpression value = attributes.Type == typeof(List<OrderAttribute>) ? OfOwner<OrderAttribute>(Key) : OfOwner<TicketAttribute>(Key);
        return Expression.Bind(typeof(FactRow).GetProperty(Column)!, Conditions.Replace(Told(value.Body), value.Parameters[0], attributes));
    }

    // A captured key is a parameter of the statement.
    private static Expression<Func<List<T>, string?>> OfOwner<T>(string key) where T : FreeFactAttribute =>
        all => all.Where(a => a.Key == key).Select(a => a.Value).FirstOrDefault();

    /// <summary>The same expression with what is told apart of an attribute in the place of its value.</summary>
    public Expression Told(Expression ofValue) => Borders.Count == 0 ? ofValue : new Banding(Borders).Visit(ofValue);

    private sealed class Banding(IReadOnlyList<decimal> borders) : ExpressionVisitor
    {
        protected override Expression VisitMember(MemberExpression node) =>
            node is { Member.Name: nameof(FreeAttribute.Value), Expression: { } attribute } && attribute.Type.IsAssignableTo(typeof(FreeAttribute))
                ? AttributeBand.KeyOf(Expression.Property(attribute, nameof(FreeAttribute.Number)), borders)
                : base.VisitMember(node);
    }
}
