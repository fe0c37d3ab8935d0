using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;

namespace CrmGraph.GraphQL.Tests.Annotations;

public enum Mood { Calm, VeryPlayful, [GraphQLName("ASLEEP")] Resting }

/// <summary>What lives in the <see cref="PetShop"/>.</summary>
[InterfaceType]
public interface IPet
{
    string Name { get; }
}

/// <summary>A dog.</summary>
[Node]
public sealed class Dog : IPet
{
    [ID] public int Id { get; init; }
    /// <summary>What it is called.</summary>
    public string Name { get; init; } = "";
    public string? Nickname { get; init; }
    [ID<Owner>] public Guid? OwnerId { get; init; }
    public decimal Price { get; init; }
    public DateOnly BornOn { get; init; }
    public Mood Mood { get; init; }
    public IReadOnlyList<string?> Tricks { get; init; } = [];
    [GraphQLIgnore] public string Secret { get; init; } = "";
    [GraphQLDeprecated("Use mood.")] public bool? IsCalm => Mood == Mood.Calm;
    public string Broken => Price >= 0 ? throw new InvalidOperationException("the dog is broken") : "";
}

public sealed class Cat : IPet
{
    public string Name { get; init; } = "";
    public int Lives { get; init; } = 9;
}

[Node]
public sealed record Owner([property: ID] Guid Id, string Name);

public sealed record FindPetInput(string? NameLike, [property: DefaultValue("CALM")] Mood Mood, int Limit = 10)
{
    public IReadOnlyList<int> Ids { get; init; } = [];
    public Optional<string?> Note { get; init; }
    [ID<Owner>] public Guid? Owner { get; init; }
}

[OneOf]
public sealed class PetByInput
{
    public string? Name { get; init; }
    public int? Number { get; init; }
}

public sealed class PetShop
{
    public List<Dog> Dogs { get; } =
    [
        new() { Id = 1, Name = "Rex", OwnerId = Ada, Price = 10.50m, BornOn = new(2020, 2, 29), Mood = Mood.VeryPlayful, Tricks = ["sit", null] },
        new() { Id = 2, Name = "Fido", Nickname = "F", Price = 3m, BornOn = new(2021, 1, 2) },
    ];

    public static readonly Guid Ada = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");
    public int BatchCalls { get; set; }
}

public sealed record PetCaller(string Role);

[QueryType]
public static class PetQueries
{
    public static IReadOnlyList<Dog> GetDogsAsync(PetShop shop, int first = 10) => [.. shop.Dogs.Take(first)];
    public static Dog? GetDog(PetShop shop, [ID<Dog>] int id) => shop.Dogs.Find(d => d.Id == id);
    public static async Task<IReadOnlyList<IPet>> GetPetsAsync(PetShop shop)
    {
        await Task.Yield();
        return [.. shop.Dogs, new Cat { Name = "Tom" }];
    }

    /// <summary>Says what it was given.</summary>
    /// <param name="input">The search.</param>
    public static string Describe(FindPetInput? input) => input is null ? "nothing"
        : $"{input.NameLike ?? "any"} {input.Mood} {input.Limit} [{string.Join(',', input.Ids)}] "
            + $"{(input.Note.HasValue ? input.Note.Value ?? "null" : "absent")} {input.Owner}";

    public static string By(PetByInput by) => by.Name ?? $"{by.Number}";
    public static string Who([GlobalState] PetCaller caller) => caller.Role;
    [Authorize(Roles = ["KEEPER"])] public static string Keys() => "keys";
    public static string Fails() => throw new GraphQLException("NO_LUCK", "Try again.");
    public static string Explodes() => throw new InvalidOperationException("secret detail");
    [Cost(5)] public static double Number(double value = 1.5, Mood mood = Mood.VeryPlayful) => value + (int)mood;
}

[ObjectType<Dog>]
public static class DogFields
{
    [BatchResolver]
    public static IReadOnlyList<Owner?> GetOwner([Parent] IReadOnlyList<Dog> dogs, PetShop shop)
    {
        shop.BatchCalls++;
        return [.. dogs.Select(d => d.OwnerId is { } id ? new Owner(id, "Ada") : null)];
    }

    public static string Bark([Parent] Dog dog, int times = 1) => string.Concat(Enumerable.Repeat($"{dog.Name}! ", times)).Trim();

    [NodeResolver]
    public static IReadOnlyDictionary<int, Dog> Load(IReadOnlyList<int> ids, PetShop shop) => shop.Dogs.Where(d => ids.Contains(d.Id)).ToDictionary(d => d.Id);
}

[ObjectType<Owner>]
public static class OwnerFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<Guid, Owner>> LoadAsync(IReadOnlyList<Guid> ids) =>
        Task.FromResult<IReadOnlyDictionary<Guid, Owner>>(ids.Distinct().ToDictionary(i => i, i => new Owner(i, "Ada")));
}

public sealed class NameTakenException(string name) : Exception($"The name {name} is taken.")
{
    public string Name { get; } = name;
}

[MutationType]
public static class PetMutations
{
    [Error<NameTakenException>]
    public static Dog AddDog(string name, decimal? price, PetShop shop)
    {
        if (shop.Dogs.Exists(d => d.Name == name))
            throw new NameTakenException(name);
        var dog = new Dog { Id = shop.Dogs.Count + 1, Name = name, Price = price ?? 0 };
        shop.Dogs.Add(dog);
        return dog;
    }

    public static int CountDogs(PetShop shop) => shop.Dogs.Count;
}

[SubscriptionType]
public static class PetSubscriptions
{
    [Subscribe(With = nameof(OpenBarks))]
    public static string OnBark([EventMessage] int number, string prefix = "bark") => $"{prefix} {number}";

    public static async IAsyncEnumerable<int> OpenBarks(int count)
    {
        if (count < 0)
            throw new GraphQLException("BAD_COUNT", "Give a positive count.");
        for (var i = 1; i <= count; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }
}

internal static class PetSchema
{
    public static readonly Type[] Classes =
        [typeof(PetQueries), typeof(DogFields), typeof(OwnerFields), typeof(PetMutations), typeof(PetSubscriptions), typeof(Dog), typeof(Cat), typeof(Owner)];

    public static GraphQL.Types.Schema Build()
    {
        var builder = new SchemaBuilder().UseAuthorization((state, roles, _) => new(state.Get<PetCaller>() is not { } caller
            ? AuthorizationResult.NotAuthenticated
            : roles.Contains(caller.Role) ? AuthorizationResult.Allowed : AuthorizationResult.NotAuthorized));
        foreach (var type in Classes)
            builder.AddType(type);
        return builder.Build();
    }
}
