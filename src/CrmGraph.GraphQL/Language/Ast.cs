using CrmGraph.GraphQL.Errors;

namespace CrmGraph.GraphQL.Language;

/// <summary>A span of the source: offsets in UTF-16 units, the line and column of its first character (both from 1).</summary>
public readonly record struct Location(int Start, int End, int Line, int Column)
{
    /// <summary>As errors say it.</summary>
    public SourceLocation LineAndColumn => new(Line, Column);
}

/// <summary>A node of the syntax tree. Trees are immutable once parsed.</summary>
public abstract class AstNode
{
    public Location Location { get; init; }
}

public sealed class DocumentNode(IReadOnlyList<DefinitionNode> definitions) : AstNode
{
    public IReadOnlyList<DefinitionNode> Definitions { get; } = definitions;
}

public abstract class DefinitionNode : AstNode;

public sealed class NameNode(string value) : AstNode
{
    public string Value { get; } = value;
}

// Executable definitions (section 2.3 to 2.12)

public abstract class ExecutableDefinitionNode : DefinitionNode
{
    public StringValueNode? Description { get; init; }
    public required IReadOnlyList<DirectiveNode> Directives { get; init; }
    public required SelectionSetNode SelectionSet { get; init; }
}

public enum OperationKind
{
    Query,
    Mutation,
    Subscription,
}

public sealed class OperationDefinitionNode : ExecutableDefinitionNode
{
    public required OperationKind Operation { get; init; }
    public NameNode? Name { get; init; }
    public required IReadOnlyList<VariableDefinitionNode> VariableDefinitions { get; init; }
}

public sealed class FragmentDefinitionNode : ExecutableDefinitionNode
{
    public required NameNode Name { get; init; }
    public required NamedTypeNode TypeCondition { get; init; }
}

public sealed class VariableDefinitionNode : AstNode
{
    public StringValueNode? Description { get; init; }
    public required VariableNode Variable { get; init; }
    public required TypeNode Type { get; init; }
    public ValueNode? DefaultValue { get; init; }
    public required IReadOnlyList<DirectiveNode> Directives { get; init; }
}

public sealed class SelectionSetNode(IReadOnlyList<SelectionNode> selections) : AstNode
{
    public IReadOnlyList<SelectionNode> Selections { get; } = selections;
}

public abstract class SelectionNode : AstNode
{
    public required IReadOnlyList<DirectiveNode> Directives { get; init; }
}

public sealed class FieldNode : SelectionNode
{
    public NameNode? Alias { get; init; }
    public required NameNode Name { get; init; }
    public required IReadOnlyList<ArgumentNode> Arguments { get; init; }
    public SelectionSetNode? SelectionSet { get; init; }
    public string ResponseName => (Alias ?? Name).Value;
}

public sealed class FragmentSpreadNode : SelectionNode
{
    public required NameNode Name { get; init; }
}

public sealed class InlineFragmentNode : SelectionNode
{
    public NamedTypeNode? TypeCondition { get; init; }
    public required SelectionSetNode SelectionSet { get; init; }
}

public sealed class ArgumentNode(NameNode name, ValueNode value) : AstNode
{
    public NameNode Name { get; } = name;
    public ValueNode Value { get; } = value;
}

public sealed class DirectiveNode(NameNode name, IReadOnlyList<ArgumentNode> arguments) : AstNode
{
    public NameNode Name { get; } = name;
    public IReadOnlyList<ArgumentNode> Arguments { get; } = arguments;
}

// Values (section 2.10)

public abstract class ValueNode : AstNode;

public sealed class VariableNode(NameNode name) : ValueNode
{
    public NameNode Name { get; } = name;
}

public sealed class IntValueNode(string value) : ValueNode
{
    public string Value { get; } = value;
}

public sealed class FloatValueNode(string value) : ValueNode
{
    public string Value { get; } = value;
}

public sealed class StringValueNode(string value, bool block = false) : ValueNode
{
    public string Value { get; } = value;
    public bool Block { get; } = block;
}

public sealed class BooleanValueNode(bool value) : ValueNode
{
    public bool Value { get; } = value;
}

public sealed class NullValueNode : ValueNode;

public sealed class EnumValueNode(string value) : ValueNode
{
    public string Value { get; } = value;
}

public sealed class ListValueNode(IReadOnlyList<ValueNode> values) : ValueNode
{
    public IReadOnlyList<ValueNode> Values { get; } = values;
}

public sealed class ObjectValueNode(IReadOnlyList<ObjectFieldNode> fields) : ValueNode
{
    public IReadOnlyList<ObjectFieldNode> Fields { get; } = fields;
}

public sealed class ObjectFieldNode(NameNode name, ValueNode value) : AstNode
{
    public NameNode Name { get; } = name;
    public ValueNode Value { get; } = value;
}

// Type references (section 2.12)

public abstract class TypeNode : AstNode;

public sealed class NamedTypeNode(NameNode name) : TypeNode
{
    public NameNode Name { get; } = name;
}

public sealed class ListTypeNode(TypeNode type) : TypeNode
{
    public TypeNode Type { get; } = type;
}

public sealed class NonNullTypeNode(TypeNode type) : TypeNode
{
    public TypeNode Type { get; } = type;
}

// Type system definitions and extensions (section 3)

public abstract class TypeSystemDefinitionNode : DefinitionNode
{
    public StringValueNode? Description { get; init; }
    public IReadOnlyList<DirectiveNode> Directives { get; init; } = [];
}

/// <summary><c>schema { ... }</c>, or <c>extend schema</c> when <see cref="IsExtension"/>.</summary>
public sealed class SchemaDefinitionNode : TypeSystemDefinitionNode
{
    public bool IsExtension { get; init; }
    public required IReadOnlyList<OperationTypeDefinitionNode> OperationTypes { get; init; }
}

public sealed class OperationTypeDefinitionNode(OperationKind operation, NamedTypeNode type) : AstNode
{
    public OperationKind Operation { get; } = operation;
    public NamedTypeNode Type { get; } = type;
}

/// <summary>A type definition, or a type extension when <see cref="IsExtension"/>.</summary>
public abstract class TypeDefinitionNode : TypeSystemDefinitionNode
{
    public bool IsExtension { get; init; }
    public required NameNode Name { get; init; }
}

public sealed class ScalarTypeDefinitionNode : TypeDefinitionNode;

public sealed class ObjectTypeDefinitionNode : TypeDefinitionNode
{
    public required IReadOnlyList<NamedTypeNode> Interfaces { get; init; }
    public required IReadOnlyList<FieldDefinitionNode> Fields { get; init; }
}

public sealed class InterfaceTypeDefinitionNode : TypeDefinitionNode
{
    public required IReadOnlyList<NamedTypeNode> Interfaces { get; init; }
    public required IReadOnlyList<FieldDefinitionNode> Fields { get; init; }
}

public sealed class UnionTypeDefinitionNode : TypeDefinitionNode
{
    public required IReadOnlyList<NamedTypeNode> Types { get; init; }
}

public sealed class EnumTypeDefinitionNode : TypeDefinitionNode
{
    public required IReadOnlyList<EnumValueDefinitionNode> Values { get; init; }
}

public sealed class InputObjectTypeDefinitionNode : TypeDefinitionNode
{
    public required IReadOnlyList<InputValueDefinitionNode> Fields { get; init; }
}

public sealed class FieldDefinitionNode : TypeSystemDefinitionNode
{
    public required NameNode Name { get; init; }
    public required IReadOnlyList<InputValueDefinitionNode> Arguments { get; init; }
    public required TypeNode Type { get; init; }
}

public sealed class InputValueDefinitionNode : TypeSystemDefinitionNode
{
    public required NameNode Name { get; init; }
    public required TypeNode Type { get; init; }
    public ValueNode? DefaultValue { get; init; }
}

public sealed class EnumValueDefinitionNode : TypeSystemDefinitionNode
{
    public required NameNode Name { get; init; }
}

public sealed class DirectiveDefinitionNode : TypeSystemDefinitionNode
{
    public required NameNode Name { get; init; }
    public required IReadOnlyList<InputValueDefinitionNode> Arguments { get; init; }
    public bool Repeatable { get; init; }
    public required IReadOnlyList<NameNode> Locations { get; init; }
}
