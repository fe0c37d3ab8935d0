using CrmGraph.GraphQL.Errors;

namespace CrmGraph.GraphQL.Language;

/// <summary>
/// A recursive descent parser of the whole language, September 2025 edition. Its functions stand in the order of the grammar and carry
/// the names of its rules. Each reads from <see cref="_token"/>, the token not yet consumed.
/// </summary>
public sealed partial class Parser
{
    private readonly string _source;
    private readonly GraphQLLimits _limits;
    private Lexer _lexer;
    private Token _token;
    private int _lastEnd;
    private int _tokens;
    private int _depth;

    private Parser(string source, GraphQLLimits limits)
    {
        _source = source;
        _limits = limits;
        if (source.Length > limits.DocumentCharacters)
        {
            var message = $"The document has {source.Length} characters; at most {limits.DocumentCharacters} are allowed.";
            throw new SyntaxException(new GraphQLError(message) { Code = ErrorCodes.DocumentTooLarge });
        }

        _lexer = new Lexer(source);
        Advance();
    }

    /// <summary>Parses a document of operations, fragments and type system definitions.</summary>
    /// <exception cref="SyntaxException">The text is not GraphQL, or exceeds a limit of the parser.</exception>
    public static DocumentNode Parse(string source, GraphQLLimits limits) => new Parser(source, limits).Document();

    /// <summary>Parses one value. Variables are allowed unless <paramref name="isConst"/>.</summary>
    public static ValueNode ParseValue(string source, GraphQLLimits? limits = null, bool isConst = false) =>
        new Parser(source, limits ?? new()).Only(p => p.Value(isConst));

    /// <summary>Parses one type reference, such as <c>[Int!]!</c>.</summary>
    public static TypeNode ParseType(string source, GraphQLLimits? limits = null) => new Parser(source, limits ?? new()).Only(static p => p.Type());

    private T Only<T>(Func<Parser, T> parse)
    {
        var node = parse(this);
        Expect(TokenKind.EndOfFile);
        return node;
    }

    private DocumentNode Document()
    {
        var definitions = new List<DefinitionNode>();
        do
        {
            definitions.Add(Definition());
        }
        while (_token.Kind != TokenKind.EndOfFile);
        return new DocumentNode(definitions) { Location = new Location(0, _source.Length, 1, 1) };
    }

    private DefinitionNode Definition()
    {
        if (_token.Kind == TokenKind.BraceLeft)
            return OperationDefinition();
        var described = AtString;
        var keyword = described ? Peek() : _token;
        if (described && keyword.Kind == TokenKind.BraceLeft)
            throw Error(_token, "A query without the word \"query\" cannot have a description.");
        if (keyword.Kind != TokenKind.Name)
            throw Unexpected(keyword, "a definition");
        switch (Text(keyword))
        {
            case "query" or "mutation" or "subscription": return OperationDefinition();
            case "fragment": return FragmentDefinition();
            case "schema": return SchemaDefinition();
            case "scalar" or "type" or "interface" or "union" or "enum" or "input": return TypeDefinition();
            case "directive": return DirectiveDefinition();
            case "extend" when !described: return Extension();
        }

        throw described ? Error(_token, "A description must be followed by a definition.") : Unexpected(keyword, "a definition");
    }

    // Tokens

    private bool AtString => _token.Kind is TokenKind.String or TokenKind.BlockString;

    private ReadOnlySpan<char> Text(in Token token) => _source.AsSpan(token.Start, token.End - token.Start);

    private Token Peek()
    {
        var copy = _lexer;
        return copy.Next();
    }

    private void Advance()
    {
        _lastEnd = _token.End;
        _token = _lexer.Next();
        if (_token.Kind != TokenKind.EndOfFile && ++_tokens > _limits.DocumentTokens)
            throw Error(_token, $"The document has more than {_limits.DocumentTokens} tokens, the most that is allowed.", ErrorCodes.TooManyTokens);
    }

    private Token Expect(TokenKind kind)
    {
        var token = _token;
        if (token.Kind != kind)
            throw Unexpected(token, Token.Describe(kind));
        Advance();
        return token;
    }

    private bool Skip(TokenKind kind)
    {
        if (_token.Kind != kind)
            return false;
        Advance();
        return true;
    }

    private bool AtKeyword(string word) => _token.Kind == TokenKind.Name && Text(_token).SequenceEqual(word);

    private bool SkipKeyword(string word)
    {
        if (!AtKeyword(word))
            return false;
        Advance();
        return true;
    }

    private void ExpectKeyword(string word)
    {
        if (!SkipKeyword(word))
            throw Unexpected(_token, $"\"{word}\"");
    }

    private Location From(in Token start) => new(start.Start, _lastEnd, start.Line, start.Column);

    /// <summary>One or more items between two tokens, or none at all when the first is missing.</summary>
    private T[] OptionalMany<T>(TokenKind open, Func<Parser, T> item, TokenKind close)
        where T : AstNode => _token.Kind == open ? Many(open, item, close) : [];

    private T[] Many<T>(TokenKind open, Func<Parser, T> item, TokenKind close)
        where T : AstNode
    {
        Expect(open);
        var first = item(this);
        if (Skip(close))
            return [first];
        var items = new List<T>(4) { first };
        do
        {
            items.Add(item(this));
        }
        while (!Skip(close));
        return [.. items];
    }

    /// <summary>One or more items with a delimiter between, which may also stand before the first.</summary>
    private T[] Delimited<T>(TokenKind delimiter, Func<Parser, T> item)
        where T : AstNode
    {
        Skip(delimiter);
        var items = new List<T>();
        do
        {
            items.Add(item(this));
        }
        while (Skip(delimiter));
        return [.. items];
    }

    /// <summary>Recursion is bounded here, so that no document can exhaust the stack.</summary>
    private void Deeper()
    {
        if (++_depth > _limits.ParserDepth)
            throw Error(_token, $"The document is nested deeper than {_limits.ParserDepth} levels, the most that is allowed.", ErrorCodes.TooDeep);
    }

    private SyntaxException Unexpected(in Token token, string expected) => Error(token, token.Kind switch
    {
        TokenKind.Name or TokenKind.Int or TokenKind.Float => $"Expected {expected} but found {Token.Describe(token.Kind)}, {Shown(token)}.",
        _ => $"Expected {expected} but found {Token.Describe(token.Kind)}.",
    });

    private string Shown(in Token token)
    {
        var text = Text(token);
        return text.Length > 50 ? $"\"{text[..50]}...\"" : $"\"{text}\"";
    }

    private static SyntaxException Error(in Token at, string message, string code = ErrorCodes.SyntaxError) =>
        new(new GraphQLError(message) { Code = code, Locations = [new SourceLocation(at.Line, at.Column)] });
}
