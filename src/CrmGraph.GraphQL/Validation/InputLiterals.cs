using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation;

/// <summary>Whether a literal fits a type. Variables fit everywhere here; their types are checked by their own rule.</summary>
internal static class InputLiterals
{
    public static void Check(ValueNode node, GraphQLType type, ValidationContext context, Action<AstNode, string> report)
    {
        if (node is VariableNode)
            return;
        if (type is NonNullType required)
        {
            if (node is NullValueNode)
                report(node, $"A value of type \"{type}\" cannot be null.");
            else
                Check(node, required.OfType, context, report);
            return;
        }

        switch (type)
        {
            case var _ when node is NullValueNode:
                break;
            case ListType list when node is ListValueNode items:
                foreach (var item in items.Values)
                    Check(item, list.OfType, context, report);
                break;
            case ListType list:
                Check(node, list.OfType, context, report);
                break;
            case InputObjectType input when node is ObjectValueNode obj:
                Fields(obj, input, context, report);
                break;
            case InputObjectType:
                report(node, $"A value of type \"{type}\" must be an object, not {Shown(node)}.");
                break;
            case EnumType enumType:
                Enum(node, enumType, context, report);
                break;
            case ScalarType scalar:
                Scalar(node, scalar, report);
                break;
        }
    }

    private static void Fields(ObjectValueNode node, InputObjectType type, ValidationContext context, Action<AstNode, string> report)
    {
        foreach (var field in type.Fields)
        {
            var given = node.Fields.LastOrDefault(f => f.Name.Value == field.Name);
            if (given is not null)
                Check(given.Value, field.Type, context, report);
            else if (field.IsRequired)
                report(node, $"A value of type \"{type}\" needs its field \"{field.Name}\" of type \"{field.Type}\".");
        }

        var known = 0;
        ObjectFieldNode? first = null;
        foreach (var field in node.Fields)
        {
            var name = field.Name.Value;
            if (type.Field(name) is null)
                report(field, $"Type \"{type}\" has no field \"{name}\".{context.DidYouMean(name, type.Fields.Select(static f => f.Name))}");
            else if (known++ == 0)
                first = field;
        }

        if (type.IsOneOf && (known != 1 || first!.Value is NullValueNode))
            report(node, $"A value of type \"{type}\" must have exactly one field, and that field must not be null.");
    }

    private static void Enum(ValueNode node, EnumType type, ValidationContext context, Action<AstNode, string> report)
    {
        if (node is EnumValueNode given)
        {
            if (type.Value(given.Value) is null)
                report(node, $"Enum \"{type}\" has no value \"{given.Value}\".{context.DidYouMeanValue(given.Value, type)}");
        }
        else if (node is StringValueNode text)
            report(node, $"A value of the enum \"{type}\" is written without quotes, not as {Shown(node)}.{context.DidYouMeanValue(text.Value, type)}");
        else
            report(node, $"Enum \"{type}\" cannot be {Shown(node)}.");
    }

    private static void Scalar(ValueNode node, ScalarType type, Action<AstNode, string> report)
    {
        try
        {
            type.ParseLiteral(WithoutVariables(node));
        }
        catch (FormatException e)
        {
            report(node, e.Message);
        }
    }

    /// <summary>What a variable inside a scalar's list or object will be is not known yet; null stands for it.</summary>
    private static ValueNode WithoutVariables(ValueNode node) => node switch
    {
        VariableNode => new NullValueNode(),
        ListValueNode list => new ListValueNode([.. list.Values.Select(WithoutVariables)]),
        ObjectValueNode obj => new ObjectValueNode([.. obj.Fields.Select(static f => new ObjectFieldNode(f.Name, WithoutVariables(f.Value)))]),
        _ => node,
    };

    private static string Shown(ValueNode node)
    {
        var text = Printer.Print(node);
        return text.Length <= 80 ? text : text[..80] + "...";
    }
}
