namespace CrmGraph.GraphQL.Language;

/// <summary>Section 3: schema, type and directive definitions, and extensions.</summary>
public sealed partial class Parser
{
    private StringValueNode? Description() => AtString ? StringValue() : null;

    private SchemaDefinitionNode SchemaDefinition()
    {
        var start = _token;
        var description = Description();
        ExpectKeyword("schema");
        var directives = Directives(true);
        var operations = Many(TokenKind.BraceLeft, static p => p.OperationTypeDefinition(), TokenKind.BraceRight);
        return new() { Description = description, Directives = directives, OperationTypes = operations, Location = From(start) };
    }

    private OperationTypeDefinitionNode OperationTypeDefinition()
    {
        var start = _token;
        var kind = OperationType();
        Expect(TokenKind.Colon);
        var type = NamedType();
        return new(kind, type) { Location = From(start) };
    }

    private DefinitionNode Extension()
    {
        var keyword = Peek();
        if (keyword.Kind == TokenKind.Name)
        {
            switch (Text(keyword))
            {
                case "schema": return SchemaExtension();
                case "scalar" or "type" or "interface" or "union" or "enum" or "input": return TypeDefinition();
            }
        }

        throw Unexpected(keyword, "\"schema\", \"scalar\", \"type\", \"interface\", \"union\", \"enum\" or \"input\"");
    }

    private SchemaDefinitionNode SchemaExtension()
    {
        var start = _token;
        ExpectKeyword("extend");
        ExpectKeyword("schema");
        var directives = Directives(true);
        var operations = OptionalMany(TokenKind.BraceLeft, static p => p.OperationTypeDefinition(), TokenKind.BraceRight);
        MustExtend(directives.Length + operations.Length > 0);
        return new() { IsExtension = true, Directives = directives, OperationTypes = operations, Location = From(start) };
    }

    private TypeDefinitionNode TypeDefinition()
    {
        var start = _token;
        var description = Description();
        var extends = SkipKeyword("extend");
        var keyword = Expect(TokenKind.Name);
        var name = Name();
        return Text(keyword) switch
        {
            "scalar" => ScalarType(start, description, extends, name),
            "union" => UnionType(start, description, extends, name),
            "enum" => EnumType(start, description, extends, name),
            "input" => InputObjectType(start, description, extends, name),
            var word => FieldsType(word is "type", start, description, extends, name),
        };
    }

    /// <summary>An extension that adds nothing is an error at the token after it.</summary>
    private void MustExtend(bool something)
    {
        if (!something)
            throw Unexpected(_token, "what the extension adds");
    }

    private ScalarTypeDefinitionNode ScalarType(in Token start, StringValueNode? description, bool extends, NameNode name)
    {
        var directives = Directives(true);
        MustExtend(!extends || directives.Length > 0);
        return new() { Description = description, IsExtension = extends, Name = name, Directives = directives, Location = From(start) };
    }

    private TypeDefinitionNode FieldsType(bool isObject, in Token start, StringValueNode? description, bool extends, NameNode name)
    {
        NamedTypeNode[] interfaces = SkipKeyword("implements") ? Delimited(TokenKind.Ampersand, static p => p.NamedType()) : [];
        var directives = Directives(true);
        var fields = OptionalMany(TokenKind.BraceLeft, static p => p.FieldDefinition(), TokenKind.BraceRight);
        MustExtend(!extends || interfaces.Length + directives.Length + fields.Length > 0);
        var at = From(start);
        return isObject
            ? new ObjectTypeDefinitionNode
            {
                Description = description,
                IsExtension = extends,
                Name = name,
                Interfaces = interfaces,
                Directives = directives,
                Fields = fields,
                Location = at
            }
            : new InterfaceTypeDefinitionNode
            {
                Description = description,
                IsExtension = extends,
                Name = name,
                Interfaces = interfaces,
                Directives = directives,
                Fields = fields,
                Location = at
            };
    }

    private FieldDefinitionNode FieldDefinition()
    {
        var start = _token;
        var description = Description();
        var name = Name();
        var arguments = OptionalMany(TokenKind.ParenLeft, static p => p.InputValueDefinition(), TokenKind.ParenRight);
        Expect(TokenKind.Colon);
        var type = Type();
        var directives = Directives(true);
        return new() { Description = description, Name = name, Arguments = arguments, Type = type, Directives = directives, Location = From(start) };
    }

    private InputValueDefinitionNode InputValueDefinition()
    {
        var start = _token;
        var description = Description();
        var name = Name();
        Expect(TokenKind.Colon);
        var type = Type();
        var defaultValue = Skip(TokenKind.EqualsSign) ? Value(isConst: true) : null;
        var directives = Directives(true);
        return new() { Description = description, Name = name, Type = type, DefaultValue = defaultValue, Directives = directives, Location = From(start) };
    }

    private UnionTypeDefinitionNode UnionType(in Token start, StringValueNode? description, bool extends, NameNode name)
    {
        var directives = Directives(true);
        NamedTypeNode[] types = Skip(TokenKind.EqualsSign) ? Delimited(TokenKind.Pipe, static p => p.NamedType()) : [];
        MustExtend(!extends || directives.Length + types.Length > 0);
        return new() { Description = description, IsExtension = extends, Name = name, Directives = directives, Types = types, Location = From(start) };
    }

    private EnumTypeDefinitionNode EnumType(in Token start, StringValueNode? description, bool extends, NameNode name)
    {
        var directives = Directives(true);
        var values = OptionalMany(TokenKind.BraceLeft, static p => p.EnumValueDefinition(), TokenKind.BraceRight);
        MustExtend(!extends || directives.Length + values.Length > 0);
        return new() { Description = description, IsExtension = extends, Name = name, Directives = directives, Values = values, Location = From(start) };
    }

    private EnumValueDefinitionNode EnumValueDefinition()
    {
        var start = _token;
        var description = Description();
        if (AtKeyword("true") || AtKeyword("false") || AtKeyword("null"))
            throw Error(_token, $"\"{Text(_token)}\" cannot be the name of an enum value.");
        var name = Name();
        var directives = Directives(true);
        return new() { Description = description, Name = name, Directives = directives, Location = From(start) };
    }

    private InputObjectTypeDefinitionNode InputObjectType(in Token start, StringValueNode? description, bool extends, NameNode name)
    {
        var directives = Directives(true);
        var fields = OptionalMany(TokenKind.BraceLeft, static p => p.InputValueDefinition(), TokenKind.BraceRight);
        MustExtend(!extends || directives.Length + fields.Length > 0);
        return new() { Description = description, IsExtension = extends, Name = name, Directives = directives, Fields = fields, Location = From(start) };
    }

    private DirectiveDefinitionNode DirectiveDefinition()
    {
        var start = _token;
        var description = Description();
        ExpectKeyword("directive");
        Expect(TokenKind.At);
        var name = Name();
        var arguments = OptionalMany(TokenKind.ParenLeft, static p => p.InputValueDefinition(), TokenKind.ParenRight);
        var repeatable = SkipKeyword("repeatable");
        ExpectKeyword("on");
        var locations = Delimited(TokenKind.Pipe, static p => p.DirectiveLocation());
        return new() { Description = description, Name = name, Arguments = arguments, Repeatable = repeatable, Locations = locations, Location = From(start) };
    }

    private NameNode DirectiveLocation()
    {
        var token = _token;
        var name = Name();
        return DirectiveLocations.IsKnown(name.Value) ? name : throw Unexpected(token, "a directive location such as FIELD or FIELD_DEFINITION");
    }
}
