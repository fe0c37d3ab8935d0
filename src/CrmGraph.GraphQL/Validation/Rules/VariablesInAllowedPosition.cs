using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Section 5.8.5: a variable's type fits where it is used.</summary>
internal sealed class VariablesInAllowedPosition(ValidationContext context) : ValidationRule(context)
{
    public override void LeaveOperation(OperationDefinitionNode node)
    {
        var usages = Context.AllVariableUsages(node);
        if (usages.Count == 0)
            return;
        var definitions = new Dictionary<string, (VariableDefinitionNode Node, GraphQLType? Type)>(StringComparer.Ordinal);
        foreach (var definition in node.VariableDefinitions)
            definitions[definition.Variable.Name.Value] = (definition, Context.TypeOf(definition.Type));
        foreach (var usage in usages)
            if (usage.Type is { } expected && definitions.TryGetValue(usage.Node.Name.Value, out var known) && known.Type is { } type)
                Check(usage, expected, known.Node, type);
    }

    private void Check(in VariableUsage usage, GraphQLType expected, VariableDefinitionNode definition, GraphQLType type)
    {
        var name = usage.Node.Name.Value;
        // A default of the variable or of the position stands in when the client gives nothing.
        var hasDefault = definition.DefaultValue is not null and not NullValueNode;
        var nullable = expected is NonNullType required && type is not NonNullType && (hasDefault || usage.HasDefault) ? required.OfType : expected;
        if (!Fits(type, nullable))
            Report($"Variable \"${name}\" of type \"{type}\" cannot stand where \"{expected}\" is expected.", definition, usage.Node);
        if (usage.OneOf is { } oneOf && type is not NonNullType && !hasDefault)
            Report($"Variable \"${name}\" must have the type \"{type}!\" to be the one field of \"{oneOf}\".", definition, usage.Node);
    }

    /// <summary>AreTypesCompatible.</summary>
    private static bool Fits(GraphQLType variable, GraphQLType location) => (variable, location) switch
    {
        (NonNullType v, NonNullType l) => Fits(v.OfType, l.OfType),
        (_, NonNullType) => false,
        (NonNullType v, _) => Fits(v.OfType, location),
        (ListType v, ListType l) => Fits(v.OfType, l.OfType),
        _ => variable == location,
    };
}
