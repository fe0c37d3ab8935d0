using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Section 5.5.1.2 and 3.4.1: types that are named exist.</summary>
internal sealed class KnownTypeNames(ValidationContext context) : ValidationRule(context)
{
    private HashSet<string>? _defined;

    public override void NamedType(NamedTypeNode node, bool inTypeSystem)
    {
        var name = node.Name.Value;
        // A text of types has no schema yet: operations in it know only what it defines.
        if (Schema.Type(name) is not null && (inTypeSystem || Schema.QueryType is not null))
            return;
        _defined ??= [.. Context.Document.Definitions.OfType<TypeDefinitionNode>().Where(static d => !d.IsExtension).Select(static d => d.Name.Value)];
        if (_defined.Contains(name) || (inTypeSystem && Scalars.IsSpecified(name)))
            return;
        var known = Schema.Types.Concat(Introspection.Types).Select(static t => t.Name).Concat(_defined);
        if (inTypeSystem)
            known = known.Concat(Scalars.Specified.Select(static s => s.Name)).Distinct();
        Report($"There is no type \"{name}\".{Context.DidYouMean(name, known)}", node);
    }
}
