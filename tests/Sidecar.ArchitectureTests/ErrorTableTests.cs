using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using System.Text;
using Sidecar.Core.Errors;

namespace Sidecar.ArchitectureTests;

/// <summary>docs/errors.md is printed from the error details that the modules declare.</summary>
public sealed class ErrorTableTests
{
    /// <summary>Set to 1 to write the file instead of comparing it.</summary>
    private const string WriteVariable = "SIDECAR_WRITE_DOCS";

    private static readonly string s_path = Path.Combine(Repository.Root, "docs/errors.md");

    [Fact]
    public void ErrorsDocument_IsWhatTheTableSays()
    {
        string expected = Print(Declared());
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
        {
            File.WriteAllText(s_path, expected);
        }

        string actual = File.Exists(s_path) ? File.ReadAllText(s_path) : string.Empty;
        Assert.True(expected == actual, $"docs/errors.md is out of date; run the architecture tests with {WriteVariable}=1");
    }

    [Fact]
    public void Details_HoldNoSpaces()
    {
        var problems = new List<string>();
        foreach (ErrorDetail detail in Declared().Values)
        {
            if (detail.Details.Contains(' ', StringComparison.Ordinal) || detail.Details.Length == 0)
            {
                problems.Add($"'{detail.Details}'");
            }
        }

        Repository.AssertNone(problems, "response code details are one word in the access log:");
    }

    /// <summary>
    /// The details in static fields of the worker assemblies, and in the properties of static instances of <c>*Errors</c> types, by
    /// module, details, blame and status.
    /// </summary>
    private static SortedDictionary<string, ErrorDetail> Declared()
    {
        var details = new SortedDictionary<string, ErrorDetail>(StringComparer.Ordinal);
        foreach (string project in Repository.WorkerProjects)
        {
            string module = project["Sidecar.".Length..];
            foreach (Type type in Assembly.Load(project).GetTypes())
            {
                if (type.ContainsGenericParameters)
                {
                    continue;
                }

                foreach (FieldInfo field in type.GetFields(
                    BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                {
                    AddHeldBy(field, module, details);
                }
            }
        }

        return details;
    }

    private static void AddHeldBy(FieldInfo field, string module, SortedDictionary<string, ErrorDetail> details)
    {
        if (field.FieldType == typeof(ErrorDetail))
        {
            Add(field.GetValue(null));
        }
        else if (field.FieldType == field.DeclaringType && field.FieldType.Name.EndsWith("Errors", StringComparison.Ordinal))
        {
            object? holder = field.GetValue(null);
            foreach (PropertyInfo property in field.FieldType.GetProperties(BindingFlags.Instance | BindingFlags.Public))
            {
                if (property.PropertyType == typeof(ErrorDetail))
                {
                    Add(property.GetValue(holder));
                }
            }
        }

        void Add(object? value)
        {
            if (value is ErrorDetail detail)
            {
                details.TryAdd($"{module} {detail.Details} {detail.Blame} {detail.HttpStatus}", detail);
            }
        }
    }

    private static string Print(SortedDictionary<string, ErrorDetail> details)
    {
        var text = new StringBuilder(
            """
            # Errors

            Printed from the details that the modules declare (`ErrorDetail`); do not edit. *Details* is `%RESPONSE_CODE_DETAILS%`, *flag*
            `%RESPONSE_FLAGS%`.

            | module | details | reach | blame | status | flag | HTTP/2 code | retry | body |
            | --- | --- | --- | --- | --- | --- | --- | --- | --- |

            """);
        foreach ((string key, ErrorDetail detail) in details)
        {
            string status = detail.HttpStatus == 0 ? string.Empty : detail.HttpStatus.ToString(System.Globalization.CultureInfo.InvariantCulture);
            text.Append($"| {key[..key.IndexOf(' ')]} | `{detail.Details}` | {detail.Scope} | {detail.Blame} | {status} | ")
                .Append($"{(detail.Flag == ResponseFlags.None ? string.Empty : detail.Flag)} | {detail.Http2Code} | {detail.Retry} | {detail.Body} |\n");
        }

        return text.ToString();
    }
}
