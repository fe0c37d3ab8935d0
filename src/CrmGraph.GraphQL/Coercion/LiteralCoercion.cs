using System.Globalization;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Coercion;

/// <summary>A literal that does not fit, because of what its variables hold, and where in the literal.</summary>
internal sealed class LiteralException(string message, AstNode at) : FormatException(message)
{
    public AstNode At { get; } = at;
}

/// <summary>Input coercion of literals, with variables in them. Throws <see cref="LiteralException"/>, <see cref="FormatException"/> of a scalar, or what a binding throws.</summary>
internal static class LiteralCoercion
{
    /// <param name="variables">Null where variables cannot stand.</param>
    public static object? Coerce(GraphQLType type, ValueNode node, IReadOnlyDictionary<string, object?>? variables)
    {
        if (node is VariableNode variable)
        {
            var value = variables is not null && variables.TryGetValue(variable.Name.Value, out var given) ? given : null;
            return value is null && type is NonNullType
                ? throw new LiteralException($"Expected a value of type \"{type}\", but ${variable.Name.Value} has none.", node)
                : value;
        }

        if (type is NonNullType required)
            return node is NullValueNode
                ? throw new LiteralException($"Expected value of type \"{type}\", found null.", node)
                : Coerce(required.OfType, node, variables);
        if (node is NullValueNode)
            return null;
        return type switch
        {
            ListType list => node is ListValueNode items
                ? items.Values.Select(i => Coerce(list.OfType, i, variables)).ToList()
                : new List<object?> { Coerce(list.OfType, node, variables) },
            InputObjectType input => Object(input, node, variables),
            EnumType e => node is EnumValueNode name && e.Value(name.Value) is { } found
                ? found.Value
                : throw new LiteralException($"Value {Printer.Print(node)} does not exist in \"{type}\" enum.", node),
            ScalarType scalar => scalar.ParseLiteral(variables is null ? node : WithoutVariables(node, variables)),
            _ => throw new LiteralException($"\"{type}\" is not an input type.", node),
        };
    }

    private static object Object(InputObjectType type, ValueNode node, IReadOnlyDictionary<string, object?>? variables)
    {
        if (node is not ObjectValueNode value)
            throw new LiteralException($"Expected value of type \"{type}\", found {Printer.Print(node)}.", node);
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var field in type.Fields)
        {
            var given = Find(value.Fields, field.Name);
            // A variable without a value leaves the field out (section 3.10, input coercion).
            if (given is VariableNode v && variables?.ContainsKey(v.Name.Value) != true)
                given = null;
            if (given is not null)
                fields[field.Name] = Coerce(field.Type, given, variables);
            else if (field.DefaultValue is { } fallback)
                fields[field.Name] = Coerce(field.Type, fallback, null);
            else if (field.Type is NonNullType)
                throw new LiteralException($"Field \"{type}.{field.Name}\" of required type \"{field.Type}\" was not provided.", node);
        }

        foreach (var given in value.Fields)
            if (type.Field(given.Name.Value) is null)
                throw new LiteralException($"Field \"{given.Name.Value}\" is not defined by type \"{type}\".", node);
        if (type.IsOneOf && (value.Fields.Count != 1 ? InputObjects.NotOne(type) : InputObjects.OneOfMistake(type, fields)) is { } mistake)
            throw new LiteralException(mistake, node);
        return InputObjects.Bind(type, fields);
    }

    // Types of filters have dozens of fields, of which few are given.
    private static ValueNode? Find(IReadOnlyList<ObjectFieldNode> fields, string name)
    {
        for (var i = 0; i < fields.Count; i++)
            if (fields[i].Name.Value == name)
                return fields[i].Value;
        return null;
    }

    private static ValueNode WithoutVariables(ValueNode node, IReadOnlyDictionary<string, object?> variables) => node switch
    {
        VariableNode v => Literal(variables.GetValueOrDefault(v.Name.Value)),
        ListValueNode l => new ListValueNode([.. l.Values.Select(i => WithoutVariables(i, variables))]) { Location = l.Location },
        ObjectValueNode o => new ObjectValueNode([.. o.Fields.Where(f => f.Value is not VariableNode v || variables.ContainsKey(v.Name.Value))
            .Select(f => new ObjectFieldNode(f.Name, WithoutVariables(f.Value, variables)))])
        { Location = o.Location },
        _ => node,
    };

    // A variable inside a literal of a scalar that takes lists and objects.
    private static ValueNode Literal(object? value) => value switch
    {
        null => new NullValueNode(),
        bool b => new BooleanValueNode(b),
        string s => new StringValueNode(s),
        sbyte or byte or short or ushort or int or uint or long => new IntValueNode(Convert.ToString(value, CultureInfo.InvariantCulture)!),
        double or float or decimal => new FloatValueNode(Convert.ToString(value, CultureInfo.InvariantCulture)!),
        IReadOnlyDictionary<string, object?> map => new ObjectValueNode([.. map.Select(p => new ObjectFieldNode(new NameNode(p.Key), Literal(p.Value)))]),
        InputObject input => Literal(input.Fields),
        IEnumerable<object?> list => new ListValueNode([.. list.Select(Literal)]),
        IFormattable f => new StringValueNode(f.ToString(null, CultureInfo.InvariantCulture)),
        _ => new StringValueNode(value.ToString() ?? ""),
    };
}
