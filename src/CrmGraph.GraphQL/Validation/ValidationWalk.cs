using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation;

/// <summary>One walk over the document that tells every rule what it meets, and keeps the types in the context.</summary>
internal sealed partial class ValidationWalk(ValidationContext context, ValidationRule[] rules)
{
    public void Document()
    {
        foreach (var rule in rules)
            rule.EnterDocument(context.Document);
        foreach (var definition in context.Document.Definitions)
        {
            if (context.IsFull)
                return;
            switch (definition)
            {
                case OperationDefinitionNode node: Operation(node); break;
                case FragmentDefinitionNode node: Fragment(node); break;
                case TypeSystemDefinitionNode node: TypeSystem(node); break;
            }
        }

        foreach (var rule in rules)
            rule.LeaveDocument(context.Document);
    }

    private void Operation(OperationDefinitionNode node)
    {
        context.Type = context.Schema.RootType(node.Operation);
        foreach (var rule in rules)
            rule.EnterOperation(node);
        foreach (var variable in node.VariableDefinitions)
            Variable(variable);
        Directives(node, node.Directives, node.Operation switch
        {
            OperationKind.Query => DirectiveLocations.Query,
            OperationKind.Mutation => DirectiveLocations.Mutation,
            _ => DirectiveLocations.Subscription,
        });
        Selections(node.SelectionSet, false);
        foreach (var rule in rules)
            rule.LeaveOperation(node);
        context.Type = null;
    }

    private void Variable(VariableDefinitionNode node)
    {
        foreach (var rule in rules)
            rule.VariableDefinition(node);
        Type(node.Type, false);
        if (node.DefaultValue is not null)
            Value(node.DefaultValue, context.TypeOf(node.Type));
        Directives(node, node.Directives, DirectiveLocations.VariableDefinition);
    }

    private void Fragment(FragmentDefinitionNode node)
    {
        context.Type = context.TypeOf(node.TypeCondition);
        foreach (var rule in rules)
            rule.FragmentDefinition(node);
        Type(node.TypeCondition, false);
        Directives(node, node.Directives, DirectiveLocations.FragmentDefinition);
        Selections(node.SelectionSet, false);
        context.Type = null;
    }

    private void Selections(SelectionSetNode node, bool inlineFragment)
    {
        var outer = context.ParentType;
        context.ParentType = context.Type?.Named as CompositeType;
        foreach (var rule in rules)
            rule.SelectionSet(node, inlineFragment);
        foreach (var selection in node.Selections)
        {
            if (context.IsFull)
                break;
            switch (selection)
            {
                case FieldNode field: Field(field); break;
                case FragmentSpreadNode spread: Spread(spread); break;
                case InlineFragmentNode inline: InlineFragment(inline); break;
            }
        }

        context.ParentType = outer;
    }

    private void Field(FieldNode node)
    {
        var (outerType, outerField) = (context.Type, context.Field);
        var field = context.ParentType is { } parent ? context.FieldOf(parent, node.Name.Value) : null;
        (context.Type, context.Field) = (field?.Type, field);
        foreach (var rule in rules)
            rule.EnterField(node);
        foreach (var argument in node.Arguments)
            Value(argument.Value, field?.Argument(argument.Name.Value)?.Type);
        Directives(node, node.Directives, DirectiveLocations.Field);
        if (node.SelectionSet is not null)
            Selections(node.SelectionSet, false);
        foreach (var rule in rules)
            rule.LeaveField(node);
        (context.Type, context.Field) = (outerType, outerField);
    }

    private void Spread(FragmentSpreadNode node)
    {
        foreach (var rule in rules)
            rule.FragmentSpread(node);
        Directives(node, node.Directives, DirectiveLocations.FragmentSpread);
    }

    private void InlineFragment(InlineFragmentNode node)
    {
        var outer = context.Type;
        context.Type = node.TypeCondition is null ? context.ParentType : context.TypeOf(node.TypeCondition);
        foreach (var rule in rules)
            rule.InlineFragment(node);
        if (node.TypeCondition is not null)
            Type(node.TypeCondition, false);
        Directives(node, node.Directives, DirectiveLocations.InlineFragment);
        Selections(node.SelectionSet, true);
        context.Type = outer;
    }

    private void Type(TypeNode node, bool inTypeSystem)
    {
        while (node is not NamedTypeNode)
            node = node is ListTypeNode list ? list.Type : ((NonNullTypeNode)node).Type;
        foreach (var rule in rules)
            rule.NamedType((NamedTypeNode)node, inTypeSystem);
    }

    private void Directives(AstNode owner, IReadOnlyList<DirectiveNode> directives, string location)
    {
        if (directives.Count == 0)
            return;
        foreach (var rule in rules)
            rule.Directives(owner, directives);
        foreach (var node in directives)
        {
            var definition = context.Schema.Directive(node.Name.Value);
            foreach (var rule in rules)
                rule.EnterDirective(node, location);
            foreach (var argument in node.Arguments)
                Value(argument.Value, VariableUsages.Find(definition, argument.Name.Value)?.Type);
            foreach (var rule in rules)
                rule.LeaveDirective(node);
        }
    }

    private void Value(ValueNode node, GraphQLType? type)
    {
        if (type is { IsInput: false })
            type = null;
        foreach (var rule in rules)
            rule.InputValue(node, type);
    }
}
