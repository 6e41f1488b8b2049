using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Sidecar.ArchitectureTests;

/// <summary>What must not be in code that runs on workers, read from the compiled assemblies.</summary>
public sealed class WorkerPathTests
{
    private const string Advice =
        "not on a worker's path; an edge that only main or a thread of its own runs goes to worker-path-exceptions.txt with its reason:";

    [Fact]
    public void WorkerAssemblies_HoldNoLocksTasksOrLinq()
    {
        Dictionary<string, string> exceptions = Repository.Exceptions("worker-path-exceptions.txt");
        var unused = new HashSet<string>(exceptions.Keys, StringComparer.Ordinal);
        var problems = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string project in Repository.WorkerProjects)
        {
            using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, project + ".dll")));
            foreach ((string type, string member, string rule) in Findings(file))
            {
                if (exceptions.ContainsKey($"{type} | {rule}"))
                {
                    unused.Remove($"{type} | {rule}");
                }
                else
                {
                    problems.Add($"{type}: {member} ({rule})");
                }
            }
        }

        Repository.AssertNone(problems, Advice);
        Repository.AssertNone(unused, "exceptions that nothing needs any more:");
    }

    private static IEnumerable<(string Type, string Member, string Rule)> Findings(PEReader file)
    {
        MetadataReader metadata = file.GetMetadataReader();
        foreach (TypeDefinitionHandle handle in metadata.TypeDefinitions)
        {
            TypeDefinition type = metadata.GetTypeDefinition(handle);
            string name = OutermostName(metadata, type);
            foreach (InterfaceImplementationHandle implementation in type.GetInterfaceImplementations())
            {
                if (Name(metadata, metadata.GetInterfaceImplementation(implementation).Interface).EndsWith(".IAsyncStateMachine", StringComparison.Ordinal))
                {
                    yield return (name, metadata.GetString(type.Name), "async");
                }
            }

            foreach (MethodDefinitionHandle methodHandle in type.GetMethods())
            {
                MethodDefinition method = metadata.GetMethodDefinition(methodHandle);
                if (method.RelativeVirtualAddress == 0)
                {
                    continue;
                }

                byte[] code = file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes() ?? [];
                foreach (EntityHandle token in IlReader.Tokens(code))
                {
                    string used = Name(metadata, token);
                    if (Rule(used) is { } rule)
                    {
                        yield return (name, $"{metadata.GetString(method.Name)} uses {used}", rule);
                    }
                }
            }
        }
    }

    private static string? Rule(string used)
    {
        if (used.StartsWith("System.Threading.Monitor.", StringComparison.Ordinal)
            || (used.StartsWith("System.Threading.Lock.", StringComparison.Ordinal) && !used.EndsWith("..ctor", StringComparison.Ordinal))
            || used.StartsWith("System.Threading.ReaderWriterLock", StringComparison.Ordinal)
            || used.StartsWith("System.Threading.SpinLock.", StringComparison.Ordinal))
        {
            return "lock";
        }

        if (used.StartsWith("System.Linq.", StringComparison.Ordinal))
        {
            // The compiler writes these two for a spread such as [.. list]; written by hand they are stopped by BannedSymbols.txt.
            return used is "System.Linq.Enumerable.ToArray" or "System.Linq.Enumerable.ToList" ? null : "linq";
        }

        return used.StartsWith("System.Threading.Tasks.", StringComparison.Ordinal)
            || used.StartsWith("System.Runtime.CompilerServices.Async", StringComparison.Ordinal)
            ? "task"
            : null;
    }

    /// <summary>Namespace, type and member that a token stands for; generic arguments left out.</summary>
    private static string Name(MetadataReader metadata, EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeReference:
                TypeReference type = metadata.GetTypeReference((TypeReferenceHandle)handle);
                string scope = type.ResolutionScope.Kind == HandleKind.TypeReference
                    ? Name(metadata, type.ResolutionScope)
                    : metadata.GetString(type.Namespace);
                return $"{scope}.{metadata.GetString(type.Name)}";
            case HandleKind.MemberReference:
                MemberReference member = metadata.GetMemberReference((MemberReferenceHandle)handle);
                return $"{Name(metadata, member.Parent)}.{metadata.GetString(member.Name)}";
            case HandleKind.MethodSpecification:
                return Name(metadata, metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method);
            case HandleKind.TypeSpecification:
                return GenericTypeName(metadata, (TypeSpecificationHandle)handle);
            default:
                // Definitions are ours: they are checked where they are defined.
                return string.Empty;
        }
    }

    /// <summary>ECMA-335 II.23.2.14: GENERICINST (CLASS or VALUETYPE) and the type's coded token.</summary>
    private static string GenericTypeName(MetadataReader metadata, TypeSpecificationHandle handle)
    {
        const byte GenericInstance = 0x15;
        BlobReader signature = metadata.GetBlobReader(metadata.GetTypeSpecification(handle).Signature);
        if (signature.ReadByte() != GenericInstance)
        {
            return string.Empty;
        }

        signature.ReadByte();
        return Name(metadata, signature.ReadTypeHandle());
    }

    private static string OutermostName(MetadataReader metadata, TypeDefinition type)
    {
        while (!type.GetDeclaringType().IsNil)
        {
            type = metadata.GetTypeDefinition(type.GetDeclaringType());
        }

        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }
}
