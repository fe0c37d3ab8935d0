using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation;

/// <summary>
/// One rule: made anew for each document and called by the one walk over it. Where the walk stands in the schema is in the context. A rule
/// is named as in graphql-js, without "Rule".
/// </summary>
internal abstract class ValidationRule(ValidationContext context)
{
    protected ValidationContext Context { get; } = context;

    protected Schema Schema => Context.Schema;

    public virtual void EnterDocument(DocumentNode node) { }

    public virtual void LeaveDocument(DocumentNode node) { }

    public virtual void EnterOperation(OperationDefinitionNode node) { }

    public virtual void LeaveOperation(OperationDefinitionNode node) { }

    public virtual void FragmentDefinition(FragmentDefinitionNode node) { }

    public virtual void VariableDefinition(VariableDefinitionNode node) { }

    /// <param name="inlineFragment">The selections of an inline fragment belong to the selections around it.</param>
    public virtual void SelectionSet(SelectionSetNode node, bool inlineFragment) { }

    public virtual void EnterField(FieldNode node) { }

    public virtual void LeaveField(FieldNode node) { }

    public virtual void FragmentSpread(FragmentSpreadNode node) { }

    public virtual void InlineFragment(InlineFragmentNode node) { }

    /// <summary>A reference to a type.</summary>
    /// <param name="inTypeSystem">It stands in a type system definition.</param>
    public virtual void NamedType(NamedTypeNode node, bool inTypeSystem) { }

    /// <summary>Anything that has directives, before they are visited one by one.</summary>
    public virtual void Directives(AstNode owner, IReadOnlyList<DirectiveNode> directives) { }

    /// <param name="location">Where it stands, named as in <see cref="DirectiveLocations"/>.</param>
    public virtual void EnterDirective(DirectiveNode node, string location) { }

    public virtual void LeaveDirective(DirectiveNode node) { }

    /// <summary>A whole value: of an argument, or a default. Values inside lists and objects are not visited by themselves.</summary>
    /// <param name="type">The type of its position, null when unknown.</param>
    public virtual void InputValue(ValueNode node, GraphQLType? type) { }

    protected void Report(string message, params ReadOnlySpan<AstNode> nodes) => Report(ErrorCodes.ValidationFailed, message, nodes);

    protected void ReportLimit(string code, string message, AstNode node) => Report(code, message, [node]);

    private void Report(string code, string message, ReadOnlySpan<AstNode> nodes)
    {
        if (Context.IsFull)
            return;
        var locations = new SourceLocation[nodes.Length];
        for (var i = 0; i < nodes.Length; i++)
            locations[i] = nodes[i].Location.LineAndColumn;
        Context.Errors.Add(new GraphQLError(message) { Code = code, Locations = locations, Rule = GetType().Name });
    }
}
