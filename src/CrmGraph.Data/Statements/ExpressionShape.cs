using System.Collections;
using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore.Query;

namespace CrmGraph.Data.Statements;

/// <summary>
/// What decides the SQL of a query, apart from its values: an exact text of its expression, and the values that stand in it (fields of
/// closures, as the C# compiler makes them of captured variables), in the order in which they occur. Two queries of one shape have the same SQL.
/// A value that is null is part of the shape, and so is the length of a list where the engine writes one parameter per item.
/// </summary>
/// <param name="listsByLength">Whether the SQL depends on the number of items of a list.</param>
internal sealed class ExpressionShape(bool listsByLength)
{
    // More parameters than any filter of the limits has, lists apart. What is larger goes the ordinary way.
    internal const int MaximumValues = 64;

    private readonly List<ShapeValue> _values = [];
    private readonly List<ParameterExpression> _parameters = [];
    private char[] _text = new char[160];
    private int _length;

    /// <summary>False when the query holds something whose influence on the SQL is not known.</summary>
    public bool IsKnown { get; private set; } = true;
    public ReadOnlySpan<char> Text => _text.AsSpan(0, _length);
    public IReadOnlyList<ShapeValue> Values => _values;

    /// <summary>A word of the shape that no expression says: the name of a field, a direction.</summary>
    public ExpressionShape Word(ReadOnlySpan<char> word)
    {
        Write((char)word.Length);
        Room(word.Length);
        word.CopyTo(_text.AsSpan(_length));
        _length += word.Length;
        return this;
    }

    public ExpressionShape Word(int number)
    {
        Write((char)number);
        Write((char)(number >>> 16));
        return this;
    }

    /// <summary>A value that is not read from an expression; the query that is built for this shape holds it in <paramref name="container"/>.</summary>
    public void Value(object? container, MemberInfo? member, object? value, Type type)
    {
        Write('V');
        Write(type);
        if (value is null)
        {
            Write('0');
            return;
        }

        if (value is IEnumerable list and not string)
        {
            Write('L');
            if (listsByLength)
                Word(Count(list));
        }

        _values.Add(new(container, member, value));
        if (_values.Count > MaximumValues || !SlotValues.CanHold(type))
            IsKnown = false;
    }

    public void Expression(Expression? node)
    {
        if (node is null)
        {
            Write('0');
            return;
        }

        if (!IsKnown)
            return;
        Write((char)('a' + node.NodeType));
        switch (node)
        {
            case LambdaExpression lambda:
                Lambda(lambda);
                break;
            case ParameterExpression parameter:
                Parameter(parameter);
                break;
            case ConstantExpression constant:
                Constant(constant);
                break;
            case MemberExpression member:
                Member(member);
                break;
            case MethodCallExpression call:
                Write(call.Method.MethodHandle.Value);
                Write(call.Method.DeclaringType!);
                Expression(call.Object);
                Several(call.Arguments);
                break;
            case BinaryExpression binary:
                Write(binary.Method?.MethodHandle.Value ?? 0);
                Expression(binary.Left);
                Expression(binary.Right);
                Expression(binary.Conversion);
                break;
            case UnaryExpression unary:
                Write(unary.Type);
                Expression(unary.Operand);
                break;
            default:
                Rest(node);
                break;
        }
    }

    private void Rest(Expression node)
    {
        switch (node)
        {
            case ConditionalExpression condition:
                Expression(condition.Test);
                Expression(condition.IfTrue);
                Expression(condition.IfFalse);
                break;
            case NewExpression made:
                Write(made.Type);
                Write(made.Constructor?.MethodHandle.Value ?? 0);
                Several(made.Arguments);
                break;
            case NewArrayExpression array:
                Write(array.Type);
                Several(array.Expressions);
                break;
            case MemberInitExpression init when init.Bindings.All(b => b is MemberAssignment):
                Expression(init.NewExpression);
                foreach (var binding in init.Bindings)
                {
                    Write(binding.Member);
                    Expression(((MemberAssignment)binding).Expression);
                }

                break;
            case DefaultExpression:
                Write(node.Type);
                break;
            case EntityQueryRootExpression root when node.GetType() == typeof(EntityQueryRootExpression):
                Write(root.ElementType);
                break;
            default:
                IsKnown = false;
                break;
        }
    }

    private void Several(IReadOnlyCollection<Expression> nodes)
    {
        Write((char)nodes.Count);
        foreach (var node in nodes)
            Expression(node);
    }

    private void Lambda(LambdaExpression lambda)
    {
        Write((char)lambda.Parameters.Count);
        foreach (var parameter in lambda.Parameters)
        {
            Write(parameter.Type);
            _parameters.Add(parameter);
        }

        Expression(lambda.Body);
        _parameters.RemoveRange(_parameters.Count - lambda.Parameters.Count, lambda.Parameters.Count);
    }

    private void Parameter(ParameterExpression parameter)
    {
        var at = _parameters.LastIndexOf(parameter);
        if (at < 0)
            IsKnown = false;
        Write((char)at);
    }

    private void Constant(ConstantExpression constant)
    {
        Write(constant.Type);
        switch (constant.Value)
        {
            case null:
                Write('0');
                break;
            case string text:
                Word(text);
                break;
            case Enum or bool or int or long or short or byte or decimal or double or char:
                Word(Convert.ToString(constant.Value, CultureInfo.InvariantCulture));
                break;
            case IQueryable query when query.Expression is not ConstantExpression:
                Expression(query.Expression);
                break;
            default:
                IsKnown = false;
                break;
        }
    }

    private void Member(MemberExpression member)
    {
        if (CapturedValues.TryRead(member, out var captured))
        {
            if (captured.Value is IQueryable query)
                Expression(query.Expression);
            else if (captured.Value is System.Linq.Expressions.Expression or Delegate)
                IsKnown = false;
            else
                Value(captured.Container, member.Member, captured.Value, member.Type);
            return;
        }

        Write(member.Member);
        Expression(member.Expression);
    }

    private static int Count(IEnumerable list)
    {
        if (list is ICollection known)
            return known.Count;
        var count = 0;
        foreach (var _ in list)
            count++;
        return count;
    }

    private void Write(MemberInfo member)
    {
        Write(member.DeclaringType!);
        Word(member.Name);
    }

    private void Write(Type type) => Write(type.TypeHandle.Value);

    // Handles are unique among what a process has loaded, and nothing here is ever unloaded.
    private void Write(nint handle)
    {
        Write((char)handle);
        Write((char)(handle >>> 16));
        Write((char)(handle >>> 32));
        Write((char)(handle >>> 48));
    }

    private void Write(char c)
    {
        Room(1);
        _text[_length++] = c;
    }

    private void Room(int more)
    {
        if (_length + more > _text.Length)
            Array.Resize(ref _text, Math.Max(_text.Length * 2, _length + more));
    }
}

/// <summary>A value that was put into an expression by hand.</summary>
internal interface IBoxed
{
    object? Value { get; }
    /// <summary>The object from which it came; two values are the same when these are.</summary>
    object? Origin { get; }
}

/// <summary>A value of a query and where its expression finds it: a field or property of an object.</summary>
internal readonly record struct ShapeValue(object? Container, MemberInfo? Member, object Value);

/// <summary>Reads members of constants: captured variables, and properties of what they hold.</summary>
internal static class CapturedValues
{
    public static bool TryRead(MemberExpression member, out (object? Container, object? Value) captured)
    {
        captured = default;
        object? container = null;
        switch (member.Expression)
        {
            case null:
                break;
            case ConstantExpression { Value: { } constant }:
                container = constant;
                break;
            case MemberExpression inner when TryRead(inner, out var of) && of.Value is { } value and not IQueryable:
                container = value;
                break;
            default:
                return false;
        }

        switch (member.Member)
        {
            case FieldInfo when container is IBoxed boxed:
                captured = (container, boxed.Value);
                return true;
            case FieldInfo field when container is not null || field.IsStatic:
                captured = (container, field.GetValue(container));
                return true;
            case PropertyInfo property when container is not null || property.GetMethod!.IsStatic:
                captured = (container, property.GetValue(container));
                return true;
            default:
                return false;
        }
    }
}
