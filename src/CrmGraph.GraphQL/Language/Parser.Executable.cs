namespace CrmGraph.GraphQL.Language;

/// <summary>Sections 2.3 to 2.9 and 2.11: operations, selections, fragments, variables.</summary>
public sealed partial class Parser
{
    private OperationDefinitionNode OperationDefinition()
    {
        var start = _token;
        if (start.Kind == TokenKind.BraceLeft)
        {
            var shorthand = SelectionSet();
            return new() { Operation = OperationKind.Query, VariableDefinitions = [], Directives = [], SelectionSet = shorthand, Location = From(start) };
        }

        var description = Description();
        var kind = OperationType();
        var name = _token.Kind == TokenKind.Name ? Name() : null;
        var variables = OptionalMany(TokenKind.ParenLeft, static p => p.VariableDefinition(), TokenKind.ParenRight);
        var directives = Directives(false);
        var selections = SelectionSet();
        return new()
        {
            Description = description,
            Operation = kind,
            Name = name,
            VariableDefinitions = variables,
            Directives = directives,
            SelectionSet = selections,
            Location = From(start),
        };
    }

    private OperationKind OperationType()
    {
        var token = Expect(TokenKind.Name);
        return Text(token) switch
        {
            "query" => OperationKind.Query,
            "mutation" => OperationKind.Mutation,
            "subscription" => OperationKind.Subscription,
            _ => throw Unexpected(token, "\"query\", \"mutation\" or \"subscription\""),
        };
    }

    private VariableDefinitionNode VariableDefinition()
    {
        var start = _token;
        var description = Description();
        var variable = Variable();
        Expect(TokenKind.Colon);
        var type = Type();
        var defaultValue = Skip(TokenKind.EqualsSign) ? Value(isConst: true) : null;
        var directives = Directives(true);
        return new()
        {
            Description = description,
            Variable = variable,
            Type = type,
            DefaultValue = defaultValue,
            Directives = directives,
            Location = From(start)
        };
    }

    private VariableNode Variable()
    {
        var start = Expect(TokenKind.Dollar);
        var name = Name();
        return new(name) { Location = From(start) };
    }

    private SelectionSetNode SelectionSet()
    {
        var start = _token;
        Deeper();
        var selections = Many(TokenKind.BraceLeft, static p => p.Selection(), TokenKind.BraceRight);
        _depth--;
        return new(selections) { Location = From(start) };
    }

    private SelectionNode Selection() => _token.Kind == TokenKind.Spread ? Fragment() : Field();

    private FieldNode Field()
    {
        var start = _token;
        var name = Name();
        NameNode? alias = null;
        if (Skip(TokenKind.Colon))
            (alias, name) = (name, Name());
        var arguments = Arguments(false);
        var directives = Directives(false);
        var selections = _token.Kind == TokenKind.BraceLeft ? SelectionSet() : null;
        return new() { Alias = alias, Name = name, Arguments = arguments, Directives = directives, SelectionSet = selections, Location = From(start) };
    }

    private SelectionNode Fragment()
    {
        var start = Expect(TokenKind.Spread);
        var conditional = SkipKeyword("on");
        if (!conditional && _token.Kind == TokenKind.Name)
        {
            var name = Name();
            var spreadDirectives = Directives(false);
            return new FragmentSpreadNode { Name = name, Directives = spreadDirectives, Location = From(start) };
        }

        var condition = conditional ? NamedType() : null;
        var directives = Directives(false);
        var selections = SelectionSet();
        return new InlineFragmentNode { TypeCondition = condition, Directives = directives, SelectionSet = selections, Location = From(start) };
    }

    private FragmentDefinitionNode FragmentDefinition()
    {
        var start = _token;
        var description = Description();
        ExpectKeyword("fragment");
        if (AtKeyword("on"))
            throw Error(_token, "A fragment cannot have the name \"on\".");
        var name = Name();
        ExpectKeyword("on");
        var condition = NamedType();
        var directives = Directives(false);
        var selections = SelectionSet();
        return new()
        {
            Description = description,
            Name = name,
            TypeCondition = condition,
            Directives = directives,
            SelectionSet = selections,
            Location = From(start)
        };
    }
}
