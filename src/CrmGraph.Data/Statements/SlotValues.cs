using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore.Query;

namespace CrmGraph.Data.Statements;

/// <summary>
/// Gives every value of a query a field with a name of its own before EF translates it. EF names the SQL's parameters after the fields, so each
/// parameter tells whose value it holds.
/// </summary>
internal sealed class SlotValues : ExpressionVisitor
{
    private static readonly HashSet<Type> Scalars = [typeof(string), typeof(int), typeof(long), typeof(bool), typeof(Guid), typeof(DateTime), typeof(DateOnly)];

    private readonly Dictionary<(object Container, MemberInfo Member), int> _slots = [];
    private readonly Dictionary<(int Slot, Type Type), Expression> _held = [];
    private readonly IReadOnlyList<ShapeValue> _values;

    public SlotValues(IReadOnlyList<ShapeValue> values)
    {
        _values = values;
        for (var i = 0; i < values.Count; i++)
            if (values[i] is { Container: { } container, Member: { } member })
                _slots.TryAdd((container, member), i);
    }

    /// <summary>True when the query holds a value that is none of the shape's, or that could be two of them.</summary>
    public bool HasStrays { get; private set; }

    /// <summary>The values that the query holds, by their place in the shape.</summary>
    public HashSet<int> Used { get; } = [];

    /// <summary>Whether values of this type are bound in a way that is known.</summary>
    public static bool CanHold(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum || Scalars.Contains(type))
            return true;
        var element = type.IsArray ? type.GetElementType() : type.IsGenericType && type.GetGenericArguments() is [var only] ? only : null;
        return element is not null && (element.IsEnum || Scalars.Contains(element)) && typeof(System.Collections.IEnumerable).IsAssignableFrom(type);
    }

    public static string NameOf(int slot) => $"v{slot}_";

    protected override Expression VisitMember(MemberExpression node)
    {
        if (!CapturedValues.TryRead(node, out var captured))
            return base.VisitMember(node);
        switch (captured.Value)
        {
            case null:
                return Expression.Constant(null, node.Type);
            case IQueryable query:
                return Visit(query.Expression);
        }

        if (Slot(captured.Container, node.Member) is not (var slot and >= 0))
        {
            HasStrays = true;
            return node;
        }

        Used.Add(slot);
        if (_held.TryGetValue((slot, node.Type), out var known))
            return known;
        var holder = typeof(Holder<>).MakeGenericType(node.Type);
        var field = holder.GetField(NameOf(slot))!;
        var held = Activator.CreateInstance(holder)!;
        field.SetValue(held, _values[slot].Value);
        return _held[(slot, node.Type)] = Expression.Field(Expression.Constant(held), field);
    }

    private int Slot(object? container, MemberInfo member)
    {
        if (container is not null && _slots.TryGetValue((container, member), out var slot))
            return slot;
        if (container is not IBoxed { Origin: { } origin })
            return -1;
        var found = -1;
        for (var i = 0; i < _values.Count; i++)
        {
            if (_values[i].Container is not null || !ReferenceEquals(_values[i].Value, origin))
                continue;
            if (found >= 0)
                return -1;
            found = i;
        }

        return found;
    }

    protected override Expression VisitExtension(Expression node) => node is EntityQueryRootExpression ? node : base.VisitExtension(node);

#pragma warning disable CS0649, CA1823, IDE0044, CS8618 // Set by reflection, read by EF.
    private sealed class Holder<T>
    {
        public T v0_, v1_, v2_, v3_, v4_, v5_, v6_, v7_, v8_, v9_, v10_, v11_, v12_, v13_, v14_, v15_;
        public T v16_, v17_, v18_, v19_, v20_, v21_, v22_, v23_, v24_, v25_, v26_, v27_, v28_, v29_, v30_, v31_;
        public T v32_, v33_, v34_, v35_, v36_, v37_, v38_, v39_, v40_, v41_, v42_, v43_, v44_, v45_, v46_, v47_;
        public T v48_, v49_, v50_, v51_, v52_, v53_, v54_, v55_, v56_, v57_, v58_, v59_, v60_, v61_, v62_, v63_;
    }
#pragma warning restore CS0649, CA1823, IDE0044, CS8618
}
