using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Section 5.7.3: a directive that is not repeatable stands once on each element; a type and its extensions are one element.</summary>
internal sealed class UniqueDirectivesPerLocation(ValidationContext context) : ValidationRule(context)
{
    private readonly Dictionary<string, Dictionary<string, DirectiveNode>> _ofTypes = new(StringComparer.Ordinal);
    private Dictionary<string, bool>? _repeatable;

    public override void Directives(AstNode owner, IReadOnlyList<DirectiveNode> directives)
    {
        var shared = owner switch
        {
            SchemaDefinitionNode => "",
            TypeDefinitionNode type => type.Name.Value,
            _ => null,
        };
        if (shared is null && directives.Count < 2)
            return;
        var seen = shared is null
            ? new(StringComparer.Ordinal)
            : _ofTypes.TryGetValue(shared, out var known) ? known : _ofTypes[shared] = new(StringComparer.Ordinal);
        foreach (var directive in directives)
            if (!IsRepeatable(directive.Name.Value) && !seen.TryAdd(directive.Name.Value, directive))
                Report($"Directive \"@{directive.Name.Value}\" can stand here only once.", seen[directive.Name.Value], directive);
    }

    private bool IsRepeatable(string name)
    {
        if (_repeatable is null)
        {
            _repeatable = new(StringComparer.Ordinal);
            foreach (var definition in Context.Document.Definitions)
                if (definition is DirectiveDefinitionNode directive)
                    _repeatable[directive.Name.Value] = directive.Repeatable;
        }

        // An unknown directive is reported as such and not a second time.
        return _repeatable.TryGetValue(name, out var repeatable) ? repeatable : Schema.Directive(name)?.IsRepeatable ?? true;
    }
}
