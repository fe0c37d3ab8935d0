using System.Text.Json;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Planning;
using CrmGraph.GraphQL.Types;
using CrmGraph.GraphQL.Validation;

namespace CrmGraph.Reporting.Reports;

/// <summary>Says what is wrong with a report's content: every operation must be valid on the schema and get its variables from the parameters.</summary>
public sealed class ReportValidator(Schema schema, GraphQLLimits limits, CrmLimits crmLimits)
{
    private const int Columns = 12;

    public IReadOnlyList<ReportProblem> Check(ReportContent content)
    {
        var problems = new List<ReportProblem>();
        if (content.Sections.Count == 0)
            problems.Add(new("sections", "A report needs at least one section."));
        if (content.Sections.Count > crmLimits.ReportSections)
            problems.Add(new("sections", $"A report has at most {crmLimits.ReportSections} sections."));
        var types = CheckParameters(content.Parameters, problems);
        var defaults = content.Parameters.Where(p => p.Default is not null).DistinctBy(p => p.Name)
            .ToDictionary(p => p.Name, p => p.Default!.Value, StringComparer.Ordinal);
        for (var i = 0; i < content.Sections.Count; i++)
            CheckSection(content.Sections[i], $"sections[{i}]", types, defaults, problems);
        return problems;
    }

    /// <summary>The variables that an operation declares; for an operation that was checked.</summary>
    public IReadOnlyList<VariableDefinitionNode> VariablesOf(string operation) =>
        Parser.Parse(operation, limits).Definitions.OfType<OperationDefinitionNode>().Single().VariableDefinitions;

    /// <summary>The arguments of every field of a checked operation, with these parameters.</summary>
    /// <exception cref="GraphQLException">A value does not fit.</exception>
    internal IReadOnlyList<SelectedArguments> ArgumentsOf(string operation, JsonElement variables) =>
        OperationArguments.Of(schema, Parser.Parse(operation, limits), variables, limits);

    /// <summary>Why a value is none of a type that was checked; null when it is one.</summary>
    public string? ValueProblem(string type, JsonElement value) => ValueProblem(InputJson.TypeOf(schema, Parser.ParseType(type, limits))!, value);

    private Dictionary<string, string> CheckParameters(IReadOnlyList<ReportParameter> parameters, List<ReportProblem> problems)
    {
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < parameters.Count; i++)
        {
            var (parameter, part) = (parameters[i], $"parameters[{i}]");
            if (!IsName(parameter.Name))
                problems.Add(new(part + ".name", $"\"{parameter.Name}\" is not a GraphQL name: letters, digits and underscores, not beginning with a digit."));
            else if (!types.TryAdd(parameter.Name, parameter.Type))
                problems.Add(new(part + ".name", $"There are two parameters \"{parameter.Name}\"."));
            if (TypeProblem(parameter.Type) is { } problem)
            {
                problems.Add(new(part + ".type", problem));
                continue;
            }

            var type = Parser.ParseType(parameter.Type, limits);
            if (types.ContainsKey(parameter.Name))
                types[parameter.Name] = Printer.Print(type);
            CheckValues(parameter, InputJson.TypeOf(schema, type)!, part, problems);
        }

        return types;
    }

    private static void CheckValues(ReportParameter parameter, GraphQLType type, string part, List<ReportProblem> problems)
    {
        if (parameter.Default is { } standard && ValueProblem(type, standard) is { } wrong)
            problems.Add(new(part + ".default", wrong));
        var allowed = parameter.AllowedValues ?? [];
        for (var i = 0; i < allowed.Count; i++)
            if (ValueProblem(type, allowed[i]) is { } problem)
                problems.Add(new($"{part}.allowedValues[{i}]", problem));
        if (parameter.AllowedValues is { Count: 0 })
            problems.Add(new(part + ".allowedValues", "No value at all is allowed; leave the list out to allow every value."));
        else if (parameter.Default is { } given && allowed.Count > 0 && !allowed.Any(a => JsonElement.DeepEquals(a, given)))
            problems.Add(new(part + ".default", "The default is not one of the allowed values."));
    }

    private static string? ValueProblem(GraphQLType type, JsonElement value)
    {
        try
        {
            _ = InputJson.Read(type, value);
            return null;
        }
        catch (GraphQLException e)
        {
            return $"{value.GetRawText()} is no value of type {type}: {e.Message}";
        }
    }

    private string? TypeProblem(string text)
    {
        try
        {
            var node = Parser.ParseType(text, limits);
            while (node is not NamedTypeNode)
                node = node is ListTypeNode list ? list.Type : ((NonNullTypeNode)node).Type;
            var name = ((NamedTypeNode)node).Name.Value;
            return schema.Type(name) is { IsInput: true } ? null : $"There is no input type \"{name}\" in the schema.";
        }
        catch (SyntaxException e)
        {
            return $"\"{text}\" is not a GraphQL type: {e.Message}";
        }
    }

    private void CheckSection(
        ReportSection section,
        string part,
        Dictionary<string, string> parameters,
        Dictionary<string, JsonElement> defaults,
        List<ReportProblem> problems)
    {
        if (string.IsNullOrWhiteSpace(section.Heading))
            problems.Add(new(part + ".heading", "A section needs a heading."));
        if (section.Width is < 1 or > Columns)
            problems.Add(new(part + ".width", $"A section is 1 to {Columns} columns wide."));
        if (section.Operation is null)
        {
            if (section.Chart != ChartKind.None)
                problems.Add(new(part + ".chart", "A section without an operation has no data to draw; its chart is NONE."));
            return;
        }

        part += ".operation";
        var document = Parsed(section.Operation, part, problems);
        if (document is null)
            return;
        if (document.Definitions.OfType<OperationDefinitionNode>().ToList() is not [{ Operation: OperationKind.Query } operation])
        {
            problems.Add(new(part, "The document of a section holds exactly one operation, a query."));
            return;
        }

        var errors = Validator.Validate(schema, document, limits);
        foreach (var error in errors)
            problems.Add(Problem(part, error));
        if (errors.Count == 0)
            foreach (var (message, at) in new SectionMetrics(document, defaults).Problems(operation))
                problems.Add(new(part, message, at.Line, at.Column));
        foreach (var variable in operation.VariableDefinitions)
            if (VariableProblem(variable, parameters) is { } message)
                problems.Add(new(part, message, variable.Location.Line, variable.Location.Column));
    }

    private static string? VariableProblem(VariableDefinitionNode variable, Dictionary<string, string> parameters)
    {
        var (name, type) = (variable.Variable.Name.Value, Printer.Print(variable.Type));
        if (!parameters.TryGetValue(name, out var declared))
            return variable.Type is NonNullTypeNode && variable.DefaultValue is null
                ? $"No parameter gives a value to the variable \"${name}\" of type {type}."
                : null;
        return declared == type || declared == type + "!" ? null : $"The parameter \"{name}\" is of type {declared}, the variable \"${name}\" of type {type}.";
    }

    private DocumentNode? Parsed(string operation, string part, List<ReportProblem> problems)
    {
        try
        {
            return Parser.Parse(operation, limits);
        }
        catch (SyntaxException e)
        {
            problems.Add(Problem(part, e.Error));
            return null;
        }
    }

    private static ReportProblem Problem(string part, GraphQLError error) =>
        error.Locations is [var at, ..] ? new(part, error.Message, at.Line, at.Column) : new(part, error.Message);

    private static bool IsName(string text) =>
        text.Length > 0 && !char.IsAsciiDigit(text[0]) && text.All(c => c == '_' || char.IsAsciiLetterOrDigit(c));
}
