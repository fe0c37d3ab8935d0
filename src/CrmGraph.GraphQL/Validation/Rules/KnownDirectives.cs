using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Sections 5.7.1 and 5.7.2: directives exist and may stand where they stand.</summary>
internal sealed class KnownDirectives(ValidationContext context) : ValidationRule(context)
{
    private Dictionary<string, IReadOnlyList<string>>? _defined;

    public override void EnterDirective(DirectiveNode node, string location)
    {
        var name = node.Name.Value;
        if (!Defined().TryGetValue(name, out var locations))
            locations = Schema.Directive(name)?.Locations;
        if (locations is null)
            Report($"There is no directive \"@{name}\".", node);
        else if (!locations.Contains(location))
            Report($"Directive \"@{name}\" cannot stand on {location}; it can on {string.Join(", ", locations)}.", node);
    }

    private Dictionary<string, IReadOnlyList<string>> Defined()
    {
        if (_defined is not null)
            return _defined;
        _defined = new(StringComparer.Ordinal);
        foreach (var definition in Context.Document.Definitions)
            if (definition is DirectiveDefinitionNode directive)
                _defined[directive.Name.Value] = [.. directive.Locations.Select(static l => l.Value)];
        return _defined;
    }
}
