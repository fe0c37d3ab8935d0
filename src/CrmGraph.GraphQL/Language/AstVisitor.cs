namespace CrmGraph.GraphQL.Language;

/// <summary>Walks a tree in the order of the source, parents before children.</summary>
public abstract class AstVisitor
{
    /// <summary>Called before a node's children; false leaves them out.</summary>
    protected virtual bool Enter(AstNode node) => true;

    /// <summary>Called after the children of a node that was entered.</summary>
    protected virtual void Leave(AstNode node) { }

    public void Walk(AstNode? node)
    {
        if (node is null || !Enter(node))
            return;
        Children(node);
        Leave(node);
    }

    private void Walk<T>(IReadOnlyList<T> nodes)
        where T : AstNode
    {
        for (var i = 0; i < nodes.Count; i++)
            Walk(nodes[i]);
    }

    private void Children(AstNode node)
    {
        switch (node)
        {
            case DocumentNode n: Walk(n.Definitions); break;
            case OperationDefinitionNode n: Walk(n.Description); Walk(n.Name); Walk(n.VariableDefinitions); Walk(n.Directives); Walk(n.SelectionSet); break;
            case FragmentDefinitionNode n: Walk(n.Description); Walk(n.Name); Walk(n.TypeCondition); Walk(n.Directives); Walk(n.SelectionSet); break;
            case VariableDefinitionNode n: Walk(n.Description); Walk(n.Variable); Walk(n.Type); Walk(n.DefaultValue); Walk(n.Directives); break;
            case SelectionSetNode n: Walk(n.Selections); break;
            case FieldNode n: Walk(n.Alias); Walk(n.Name); Walk(n.Arguments); Walk(n.Directives); Walk(n.SelectionSet); break;
            case FragmentSpreadNode n: Walk(n.Name); Walk(n.Directives); break;
            case InlineFragmentNode n: Walk(n.TypeCondition); Walk(n.Directives); Walk(n.SelectionSet); break;
            case ArgumentNode n: Walk(n.Name); Walk(n.Value); break;
            case DirectiveNode n: Walk(n.Name); Walk(n.Arguments); break;
            case VariableNode n: Walk(n.Name); break;
            case ListValueNode n: Walk(n.Values); break;
            case ObjectValueNode n: Walk(n.Fields); break;
            case ObjectFieldNode n: Walk(n.Name); Walk(n.Value); break;
            case NamedTypeNode n: Walk(n.Name); break;
            case ListTypeNode n: Walk(n.Type); break;
            case NonNullTypeNode n: Walk(n.Type); break;
            case TypeSystemDefinitionNode n: TypeSystemChildren(n); break;
            case OperationTypeDefinitionNode n: Walk(n.Type); break;
        }
    }

    private void TypeSystemChildren(TypeSystemDefinitionNode node)
    {
        Walk(node.Description);
        switch (node)
        {
            case SchemaDefinitionNode n: Walk(n.Directives); Walk(n.OperationTypes); break;
            case ScalarTypeDefinitionNode n: Walk(n.Name); Walk(n.Directives); break;
            case ObjectTypeDefinitionNode n: Walk(n.Name); Walk(n.Interfaces); Walk(n.Directives); Walk(n.Fields); break;
            case InterfaceTypeDefinitionNode n: Walk(n.Name); Walk(n.Interfaces); Walk(n.Directives); Walk(n.Fields); break;
            case UnionTypeDefinitionNode n: Walk(n.Name); Walk(n.Directives); Walk(n.Types); break;
            case EnumTypeDefinitionNode n: Walk(n.Name); Walk(n.Directives); Walk(n.Values); break;
            case InputObjectTypeDefinitionNode n: Walk(n.Name); Walk(n.Directives); Walk(n.Fields); break;
            case FieldDefinitionNode n: Walk(n.Name); Walk(n.Arguments); Walk(n.Type); Walk(n.Directives); break;
            case InputValueDefinitionNode n: Walk(n.Name); Walk(n.Type); Walk(n.DefaultValue); Walk(n.Directives); break;
            case EnumValueDefinitionNode n: Walk(n.Name); Walk(n.Directives); break;
            case DirectiveDefinitionNode n: Walk(n.Name); Walk(n.Arguments); Walk(n.Locations); break;
        }
    }
}
