using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Section 5.4.2: an argument is given once.</summary>
internal sealed class UniqueArgumentNames(ValidationContext context) : ValidationRule(context)
{
    public override void EnterField(FieldNode node) => Check(node.Arguments);

    public override void EnterDirective(DirectiveNode node, string location) => Check(node.Arguments);

    private void Check(IReadOnlyList<ArgumentNode> arguments)
    {
        if (arguments.Count < 2)
            return;
        foreach (var same in arguments.GroupBy(static a => a.Name.Value, StringComparer.Ordinal))
            if (same.Skip(1).Any())
                Report($"Argument \"{same.Key}\" is given more than once.", [.. same.Select(static a => a.Name)]);
    }
}
