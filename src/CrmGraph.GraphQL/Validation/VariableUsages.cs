using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation;

/// <summary>A variable where it is used.</summary>
/// <param name="Type">The type of the position; null when unknown.</param>
/// <param name="HasDefault">The argument or input field has a default.</param>
/// <param name="OneOf">The one-of input object whose field the variable is the value of.</param>
internal readonly record struct VariableUsage(VariableNode Node, GraphQLType? Type, bool HasDefault, InputObjectType? OneOf);

/// <summary>Collects the uses of variables in one operation or fragment, in the order of the source.</summary>
internal readonly struct VariableUsages
{
    private readonly ValidationContext _context;
    private readonly List<VariableUsage> _found = [];

    private VariableUsages(ValidationContext context) => _context = context;

    public static IReadOnlyList<VariableUsage> In(ValidationContext context, ExecutableDefinitionNode definition)
    {
        var usages = new VariableUsages(context);
        var type = definition switch
        {
            OperationDefinitionNode operation => context.Schema.RootType(operation.Operation),
            FragmentDefinitionNode fragment => context.TypeOf(fragment.TypeCondition),
            _ => null,
        };
        usages.Directives(definition.Directives);
        usages.Selections(definition.SelectionSet, type as CompositeType);
        return usages._found;
    }

    private void Selections(SelectionSetNode set, CompositeType? parent)
    {
        foreach (var selection in set.Selections)
            switch (selection)
            {
                case FieldNode node:
                    var field = parent is null ? null : _context.FieldOf(parent, node.Name.Value);
                    foreach (var argument in node.Arguments)
                        Argument(argument, field?.Argument(argument.Name.Value));
                    Directives(node.Directives);
                    if (node.SelectionSet is not null)
                        Selections(node.SelectionSet, field?.Type.Named as CompositeType);
                    break;
                case InlineFragmentNode node:
                    Directives(node.Directives);
                    Selections(node.SelectionSet, node.TypeCondition is null ? parent : _context.TypeOf(node.TypeCondition) as CompositeType);
                    break;
                default:
                    Directives(selection.Directives);
                    break;
            }
    }

    private void Directives(IReadOnlyList<DirectiveNode> directives)
    {
        foreach (var node in directives)
        {
            var directive = node.Arguments.Count == 0 ? null : _context.Schema.Directive(node.Name.Value);
            foreach (var argument in node.Arguments)
                Argument(argument, Find(directive, argument.Name.Value));
        }
    }

    public static InputValueDefinition? Find(DirectiveDefinition? directive, string argument)
    {
        if (directive is not null)
            foreach (var definition in directive.Arguments)
                if (definition.Name == argument)
                    return definition;
        return null;
    }

    private void Argument(ArgumentNode node, InputValueDefinition? definition)
        => Value(node.Value, definition?.Type, definition?.DefaultValue is not null, null);

    private void Value(ValueNode node, GraphQLType? type, bool hasDefault, InputObjectType? oneOf)
    {
        switch (node)
        {
            case VariableNode variable:
                _found.Add(new(variable, type is { IsInput: true } ? type : null, hasDefault, oneOf));
                break;
            case ListValueNode list:
                var item = (type?.Nullable as ListType)?.OfType;
                foreach (var value in list.Values)
                    Value(value, item, false, null);
                break;
            case ObjectValueNode obj:
                var input = type?.Named as InputObjectType;
                foreach (var field in obj.Fields)
                {
                    var definition = input?.Field(field.Name.Value);
                    Value(field.Value, definition?.Type, definition?.DefaultValue is not null, input is { IsOneOf: true } ? input : null);
                }

                break;
        }
    }
}
