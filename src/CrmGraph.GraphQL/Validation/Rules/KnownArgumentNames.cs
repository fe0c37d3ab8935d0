using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Section 5.4.1: arguments exist on their field or directive.</summary>
internal class KnownArgumentNames(ValidationContext context) : KnownArgumentNamesOnDirectives(context)
{
    public override void EnterField(FieldNode node)
    {
        if (Context.Field is not { } field)
            return;
        foreach (var argument in node.Arguments)
            if (field.Argument(argument.Name.Value) is null)
            {
                var owner = Context.ParentType is { } parent ? $"{parent}.{field.Name}" : field.Name;
                Report($"Field \"{owner}\" has no argument "
                    + $"\"{argument.Name.Value}\".{Context.DidYouMean(argument.Name.Value, field.Arguments.Select(static a => a.Name))}", argument);
            }
    }
}

/// <summary>The part that also holds for schema documents.</summary>
internal class KnownArgumentNamesOnDirectives(ValidationContext context) : ValidationRule(context)
{
    private Dictionary<string, IReadOnlyList<string>>? _defined;

    public override void EnterDirective(DirectiveNode node, string location)
    {
        if (node.Arguments.Count == 0)
            return;
        if (!Defined().TryGetValue(node.Name.Value, out var known))
            known = Schema.Directive(node.Name.Value)?.Arguments.Select(static a => a.Name).ToArray();
        if (known is null)
            return;
        foreach (var argument in node.Arguments)
            if (!known.Contains(argument.Name.Value))
                Report(
                    $"Directive \"@{node.Name.Value}\" has no argument \"{argument.Name.Value}\".{Context.DidYouMean(argument.Name.Value, known)}",
                    argument);
    }

    private Dictionary<string, IReadOnlyList<string>> Defined()
    {
        if (_defined is not null)
            return _defined;
        _defined = new(StringComparer.Ordinal);
        foreach (var definition in Context.Document.Definitions)
            if (definition is DirectiveDefinitionNode directive)
                _defined[directive.Name.Value] = [.. directive.Arguments.Select(static a => a.Name.Value)];
        return _defined;
    }
}
