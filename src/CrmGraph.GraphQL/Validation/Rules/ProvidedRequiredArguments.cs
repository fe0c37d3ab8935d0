using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Section 5.4.3: required arguments are given.</summary>
internal sealed class ProvidedRequiredArguments(ValidationContext context) : ProvidedRequiredArgumentsOnDirectives(context)
{
    public override void LeaveField(FieldNode node)
    {
        if (Context.Field is not { } field)
            return;
        foreach (var argument in field.Arguments)
            if (argument.IsRequired && !IsGiven(node.Arguments, argument.Name))
                Report($"Field \"{field.Name}\" needs its argument \"{argument.Name}\" of type \"{argument.Type}\".", node);
    }
}

/// <summary>The part that also holds for schema documents.</summary>
internal class ProvidedRequiredArgumentsOnDirectives(ValidationContext context) : ValidationRule(context)
{
    private Dictionary<string, DirectiveDefinitionNode>? _defined;

    public override void LeaveDirective(DirectiveNode node)
    {
        if (Defined().TryGetValue(node.Name.Value, out var definition))
        {
            foreach (var argument in definition.Arguments)
                if (argument is { Type: NonNullTypeNode, DefaultValue: null } && !IsGiven(node.Arguments, argument.Name.Value))
                    Missing(node, argument.Name.Value, Printer.Print(argument.Type));
        }
        else if (Schema.Directive(node.Name.Value) is { } known)
        {
            foreach (var argument in known.Arguments)
                if (argument.IsRequired && !IsGiven(node.Arguments, argument.Name))
                    Missing(node, argument.Name, argument.Type.ToString()!);
        }
    }

    protected static bool IsGiven(IReadOnlyList<ArgumentNode> arguments, string name)
    {
        foreach (var argument in arguments)
            if (argument.Name.Value == name)
                return true;
        return false;
    }

    private void Missing(DirectiveNode node, string argument, string type)
        => Report($"Directive \"@{node.Name.Value}\" needs its argument \"{argument}\" of type \"{type}\".", node);

    private Dictionary<string, DirectiveDefinitionNode> Defined()
    {
        if (_defined is not null)
            return _defined;
        _defined = new(StringComparer.Ordinal);
        foreach (var definition in Context.Document.Definitions)
            if (definition is DirectiveDefinitionNode directive)
                _defined[directive.Name.Value] = directive;
        return _defined;
    }
}
