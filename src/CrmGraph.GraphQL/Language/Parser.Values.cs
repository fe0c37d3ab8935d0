using CrmGraph.GraphQL.Errors;

namespace CrmGraph.GraphQL.Language;

/// <summary>Sections 2.10, 2.12, 2.13: names, values, type references, arguments, directives.</summary>
public sealed partial class Parser
{
    private NameNode Name()
    {
        var token = Expect(TokenKind.Name);
        return new(Text(token).ToString()) { Location = Span(token) };
    }

    private static Location Span(in Token token) => new(token.Start, token.End, token.Line, token.Column);

    private ValueNode Value(bool isConst)
    {
        var token = _token;
        switch (token.Kind)
        {
            case TokenKind.BracketLeft:
                return ListValue(isConst);
            case TokenKind.BraceLeft:
                return ObjectValue(isConst);
            case TokenKind.Dollar:
                return isConst ? throw VariableInConstant() : Variable();
            case TokenKind.String or TokenKind.BlockString:
                return StringValue();
            case TokenKind.Int:
                Advance();
                return new IntValueNode(Text(token).ToString()) { Location = Span(token) };
            case TokenKind.Float:
                Advance();
                return new FloatValueNode(Text(token).ToString()) { Location = Span(token) };
            case TokenKind.Name:
                Advance();
                return NameValue(token);
            default:
                throw Unexpected(token, "a value");
        }
    }

    private ValueNode NameValue(in Token token) => Text(token) switch
    {
        "true" => new BooleanValueNode(true) { Location = Span(token) },
        "false" => new BooleanValueNode(false) { Location = Span(token) },
        "null" => new NullValueNode { Location = Span(token) },
        var name => new EnumValueNode(name.ToString()) { Location = Span(token) },
    };

    private SyntaxException VariableInConstant()
    {
        var dollar = Expect(TokenKind.Dollar);
        return _token.Kind == TokenKind.Name
            ? Error(dollar, $"The variable \"${Text(_token)}\" stands where only a constant value may stand.")
            : Unexpected(dollar, "a value");
    }

    private StringValueNode StringValue()
    {
        var token = _token;
        Advance();
        return new(Lexer.StringValue(_source, token), token.Kind == TokenKind.BlockString) { Location = Span(token) };
    }

    private ListValueNode ListValue(bool isConst)
    {
        var start = Expect(TokenKind.BracketLeft);
        Deeper();
        var values = new List<ValueNode>();
        while (!Skip(TokenKind.BracketRight))
            values.Add(Value(isConst));
        _depth--;
        return new(values) { Location = From(start) };
    }

    private ObjectValueNode ObjectValue(bool isConst)
    {
        var start = Expect(TokenKind.BraceLeft);
        Deeper();
        var fields = new List<ObjectFieldNode>();
        while (!Skip(TokenKind.BraceRight))
        {
            var at = _token;
            var name = Name();
            Expect(TokenKind.Colon);
            var value = Value(isConst);
            fields.Add(new(name, value) { Location = From(at) });
        }

        _depth--;
        return new(fields) { Location = From(start) };
    }

    private TypeNode Type()
    {
        var start = _token;
        TypeNode type;
        if (Skip(TokenKind.BracketLeft))
        {
            Deeper();
            var inner = Type();
            Expect(TokenKind.BracketRight);
            _depth--;
            type = new ListTypeNode(inner) { Location = From(start) };
        }
        else
        {
            type = NamedType();
        }

        return Skip(TokenKind.Bang) ? new NonNullTypeNode(type) { Location = From(start) } : type;
    }

    private NamedTypeNode NamedType()
    {
        var name = Name();
        return new(name) { Location = name.Location };
    }

    private ArgumentNode[] Arguments(bool isConst) => isConst
        ? OptionalMany(TokenKind.ParenLeft, static p => p.Argument(true), TokenKind.ParenRight)
        : OptionalMany(TokenKind.ParenLeft, static p => p.Argument(false), TokenKind.ParenRight);

    private ArgumentNode Argument(bool isConst)
    {
        var start = _token;
        var name = Name();
        Expect(TokenKind.Colon);
        var value = Value(isConst);
        return new(name, value) { Location = From(start) };
    }

    private DirectiveNode[] Directives(bool isConst)
    {
        if (_token.Kind != TokenKind.At)
            return [];
        var directives = new List<DirectiveNode>(1);
        while (_token.Kind == TokenKind.At)
        {
            var start = Expect(TokenKind.At);
            var name = Name();
            var arguments = Arguments(isConst);
            directives.Add(new(name, arguments) { Location = From(start) });
            // Said once, here: each of them could otherwise get an error of its own.
            if (!isConst && directives.Count > _limits.DirectivesPerLocation)
                throw Error(
                    start,
                    $"More than {_limits.DirectivesPerLocation} directives stand at one place, the most that is allowed.",
                    ErrorCodes.TooManyDirectives);
        }

        return [.. directives];
    }
}
