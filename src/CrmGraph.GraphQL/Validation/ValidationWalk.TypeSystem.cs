using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Validation;

/// <summary>Type system definitions: in a schema document, or by mistake in a request.</summary>
internal sealed partial class ValidationWalk
{
    private void TypeSystem(TypeSystemDefinitionNode node)
    {
        switch (node)
        {
            case SchemaDefinitionNode n:
                Directives(n, n.Directives, DirectiveLocations.Schema);
                foreach (var operation in n.OperationTypes)
                    Type(operation.Type, true);
                break;
            case DirectiveDefinitionNode n:
                Inputs(n.Arguments, DirectiveLocations.ArgumentDefinition);
                break;
            case ScalarTypeDefinitionNode n:
                Directives(n, n.Directives, DirectiveLocations.Scalar);
                break;
            case ObjectTypeDefinitionNode n:
                Fields(n, n.Interfaces, n.Fields, DirectiveLocations.Object);
                break;
            case InterfaceTypeDefinitionNode n:
                Fields(n, n.Interfaces, n.Fields, DirectiveLocations.Interface);
                break;
            case UnionTypeDefinitionNode n:
                Directives(n, n.Directives, DirectiveLocations.Union);
                foreach (var type in n.Types)
                    Type(type, true);
                break;
            case EnumTypeDefinitionNode n:
                Directives(n, n.Directives, DirectiveLocations.Enum);
                foreach (var value in n.Values)
                    Directives(value, value.Directives, DirectiveLocations.EnumValue);
                break;
            case InputObjectTypeDefinitionNode n:
                Directives(n, n.Directives, DirectiveLocations.InputObject);
                Inputs(n.Fields, DirectiveLocations.InputFieldDefinition);
                break;
        }
    }

    private void Fields(TypeDefinitionNode node, IReadOnlyList<NamedTypeNode> interfaces, IReadOnlyList<FieldDefinitionNode> fields, string location)
    {
        foreach (var type in interfaces)
            Type(type, true);
        Directives(node, node.Directives, location);
        foreach (var field in fields)
        {
            Inputs(field.Arguments, DirectiveLocations.ArgumentDefinition);
            Type(field.Type, true);
            Directives(field, field.Directives, DirectiveLocations.FieldDefinition);
        }
    }

    private void Inputs(IReadOnlyList<InputValueDefinitionNode> inputs, string location)
    {
        foreach (var input in inputs)
        {
            Type(input.Type, true);
            if (input.DefaultValue is not null)
                Value(input.DefaultValue, null);
            Directives(input, input.Directives, location);
        }
    }
}
