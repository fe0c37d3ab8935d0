using System.Reflection;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Annotations;

/// <summary>What a mutation with conventions answers: its result, or the domain errors that were thrown.</summary>
internal sealed record MutationPayload(object? Result, IReadOnlyList<object>? Errors);

/// <summary>
/// HotChocolate's mutation conventions: a method's arguments become one <c>input: XInput!</c>, its result a field of <c>XPayload</c> named
/// after the result's type (or by <c>[return: GraphQLName]</c>), and exceptions named by [Error&lt;T&gt;] entries of <c>errors: [XError!]</c>.
/// A method whose only argument is called <c>input</c>, or whose result is a class named <c>...Payload</c>, brings its own.
/// </summary>
internal sealed class MutationConvention(TypeRegistry types, ObjectFields fields)
{
    public const string InputDescription = "The input of the mutation.";
    private readonly ResolverCompiler _compiler = new(types);
    private readonly ErrorTypes _errors = new(types);

    public FieldDefinition? FromMethod(MethodInfo method) => fields.Try(method, () =>
    {
        var name = Naming.Field(method);
        var pascal = Naming.Pascal(name);
        var arguments = new List<InputValueDefinition>();
        var takesInput = TakesInput(method);
        var compiled = _compiler.Compile(method, null, arguments, takesInput ? null : "input");
        var errors = ErrorsOf(method).ToList();
        var payload = Payload(method, compiled.ResultType, pascal, errors);
        var field = new FieldBuilder
        {
            Name = name,
            Description = types.DescriptionOf(method),
            DeprecationReason = method.GetCustomAttribute<GraphQLDeprecatedAttribute>()?.Reason,
            Member = method,
            DeclaringClrType = method.DeclaringType!,
            ResultClrType = compiled.ResultType,
            OwnType = () => new NonNullType(payload),
            Resolver = Resolver(compiled.Invoke, errors, payload.ClrType == compiled.ResultType),
            Reads = compiled.UsesServices ? 1 : 0,
        };
        field.Arguments.AddRange(takesInput || arguments.Count == 0 ? arguments : [Input(pascal + "Input", name, arguments)]);
        return fields.Finish(field);
    });

    private static bool TakesInput(MethodInfo method)
    {
        var arguments = method.GetParameters()
            .Where(p => ClrTypes.IsArgument(p.ParameterType) && !p.IsDefined(typeof(ServiceAttribute)) && !p.IsDefined(typeof(GlobalStateAttribute)))
            .ToList();
        return arguments is [{ Name: "input" } only] && ClrTypes.IsInputClass(only.ParameterType);
    }

    private InputValueDefinition Input(string name, string mutation, List<InputValueDefinition> arguments)
    {
        var input = types.GetOrAdd(name, () => new InputObjectType(name, () => arguments) { Description = $"The input of `{mutation}`." });
        return new InputValueDefinition("input", new NonNullType(input)) { Description = InputDescription };
    }

    private ObjectType Payload(MethodInfo method, Type result, string pascal, List<Type> errors)
    {
        if (result.Name.EndsWith("Payload", StringComparison.Ordinal))
        {
            if (errors.Count > 0)
                throw new InvalidOperationException($"a result named ...Payload is the payload itself; take [Error] away or return the value.");
            return (ObjectType)types.Output(result);
        }

        var type = types.OutputOf(method.ReturnParameter, result, false, method.IsDefined(typeof(IDAttribute)));
        var name = ResultName(method, type);
        var words = type.Named.Name == "ID" ? "ID of what was changed" : Words.Of(name);
        var made = new List<FieldDefinition>
        {
            new(name, errors.Count > 0 ? type.Nullable : type)
            {
                Resolver = Read(p => p.Result),
                Description = errors.Count > 0 ? $"The {words}; null if there are errors." : $"The {words}.",
            },
        };
        if (errors.Count > 0)
        {
            made.Add(new FieldDefinition("errors", new ListType(new NonNullType(_errors.Union(Naming.Camel(pascal), pascal + "Error", errors))))
            {
                Description = "Why nothing was changed; null on success.",
                Resolver = Read(p => p.Errors),
            });
        }

        return types.GetOrAdd(pascal + "Payload", () => new ObjectType(pascal + "Payload", () => made)
        {
            ClrType = typeof(MutationPayload),
            Description = $"The result of `{Naming.Camel(pascal)}`.",
        });
    }

    private static string ResultName(MethodInfo method, GraphQLType type) =>
        method.ReturnParameter.GetCustomAttribute<GraphQLNameAttribute>()?.Name
        ?? Naming.Camel(type.Named.Name) + (type.Nullable is ListType ? "s" : "");

    private static FieldResolver Read(Func<MutationPayload, object?> read) => context =>
    {
        var values = new object?[context.Parents.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = read((MutationPayload)context.Parents[i]!);
        return new(values);
    };

    private static IEnumerable<Type> ErrorsOf(MethodInfo method) => method.GetCustomAttributes().Concat(method.DeclaringType!.GetCustomAttributes())
        .Select(a => a.GetType()).Where(t => t.IsGenericType && t.GetGenericTypeDefinition() == typeof(ErrorAttribute<>))
        .Select(t => t.GetGenericArguments()[0]).Distinct();

    private static FieldResolver Resolver(Invocation invoke, List<Type> errors, bool ownPayload) => async context =>
    {
        try
        {
            var result = await invoke(context, context.Parents[0]);
            return [ownPayload ? result : new MutationPayload(result, null)];
        }
        catch (Exception e) when (Domain(e, errors) is not null)
        {
            return [new MutationPayload(null, Domain(e, errors))];
        }
    };

    private static IReadOnlyList<object>? Domain(Exception thrown, List<Type> errors)
    {
        var all = thrown is AggregateException several ? several.Flatten().InnerExceptions : (IReadOnlyList<Exception>)[thrown];
        return all.Count > 0 && all.All(e => errors.Exists(t => t.IsInstanceOfType(e))) ? all : null;
    }
}

/// <summary>The types of domain errors: <c>interface Error { message code }</c>, a union per mutation, an object per exception.</summary>
internal sealed class ErrorTypes(TypeRegistry types)
{
    private const string MessageDescription = "What went wrong and how to correct it.", CodeDescription = "A stable code for programs.",
        LabelDescription = "What the code means, for people, in the language of the request. `message` says more.";

    public UnionType Union(string mutation, string name, List<Type> exceptions)
    {
        var members = exceptions.Select(Object).ToList();
        return types.GetOrAdd(name, () => new UnionType(name, () => members)
        {
            Description = $"The expected failures of `{mutation}`.",
            ResolveType = value => Nearest(value.GetType(), exceptions),
        });
    }

    private static string? Nearest(Type type, List<Type> exceptions)
    {
        for (Type? up = type; up is not null; up = up.BaseType)
            if (exceptions.Contains(up))
                return Name(up);
        return null;
    }

    private InterfaceType Interface() => types.GetOrAdd("Error", () => new InterfaceType("Error", () =>
    [
        new FieldDefinition("message", NonNullString()) { Description = MessageDescription },
        new FieldDefinition("code", NonNullString()) { Description = CodeDescription },
        new FieldDefinition("codeLabel", NonNullString()) { Description = LabelDescription },
    ])
    {
        Description = "An expected failure of a mutation.",
    });

    private ObjectType Object(Type exception) =>
        types.GetOrAdd(Name(exception), () => new ObjectType(Name(exception), () => Fields(exception), () => [Interface()])
        {
            ClrType = exception,
            Description = types.DescriptionOf(exception),
        });

    private List<FieldDefinition> Fields(Type exception)
    {
        var code = exception.GetProperty("Code") is { } p && p.PropertyType == typeof(string) ? p : null;
        var fallback = Naming.UpperSnake(Name(exception)[..^"Error".Length]);
        var made = new List<FieldDefinition>
        {
            new("message", NonNullString()) { Description = MessageDescription, Resolver = Each(e => e.Message) },
            new("code", NonNullString())
            {
                Description = (code is null ? null : types.DescriptionOf(code)) ?? CodeDescription,
                Resolver = Each(Code),
            },
            new("codeLabel", NonNullString())
            {
                Description = LabelDescription,
                Resolver = context =>
                {
                    var labels = context.State.Get<ErrorLabels>();
                    return Each(context, e => labels?.Of(Code(e)) ?? ErrorLabels.Words(Code(e)));
                },
            },
        };
        foreach (var property in exception.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        {
            if (property.Name is "Message" or "Code" or "CodeLabel" or "Error"
                || property.IsDefined(typeof(GraphQLIgnoreAttribute)) || property.GetMethod is null)
                continue;
            var reader = PropertyReaders.Make(property, exception);
            var id = property.GetCustomAttribute<IDAttribute>();
            made.Add(new FieldDefinition(Naming.Field(property), types.OutputOf(property))
            {
                Description = types.DescriptionOf(property),
                Resolver = id?.TypeName is { } typeName
                    ? Each(e => reader.Read(e) is { } v ? types.NodeIds.Format(typeName, v) : null)
                    : PropertyReaders.Resolver(reader),
            });
        }

        return made;

        string Code(Exception e) => (string?)code?.GetValue(e) ?? fallback;
    }

    private NonNullType NonNullString() => new(types.Scalar("String"));

    private static string Name(Type exception)
    {
        var name = Naming.Type(exception);
        return name.EndsWith("Exception", StringComparison.Ordinal)
            ? name[..^"Exception".Length] + "Error"
            : name.EndsWith("Error", StringComparison.Ordinal) ? name : name + "Error";
    }

    private static FieldResolver Each(Func<Exception, object?> read) => context => Each(context, read);

    private static ValueTask<IReadOnlyList<object?>> Each(ResolverContext context, Func<Exception, object?> read)
    {
        var values = new object?[context.Parents.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = read((Exception)context.Parents[i]!);
        return new(values);
    }
}
