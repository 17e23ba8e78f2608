// swift-tools-version: 6.2

import PackageDescription

/// One set of strict settings for every Swift target.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

let package = Package(
    name: "fairlead",
    products: [.executable(name: "fairlead", targets: ["fairlead"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    ],
    targets: [
        .systemLibrary(name: "Clibgit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"])]),
        .target(name: "CLinux"),
        .target(name: "CJSONSchema", linkerSettings: [.linkedLibrary("m")]),

        .target(name: "Model", dependencies: [crypto], exclude: ["README.md"], swiftSettings: strict),
        .target(
            name: "Planning", dependencies: ["Model", "CJSONSchema"], exclude: ["README.md"],
            resources: [.embedInCode("Schema/plan.schema.json")], swiftSettings: strict),
        .target(
            name: "Processes",
            dependencies: ["CLinux", .product(name: "Subprocess", package: "swift-subprocess"), system],
            exclude: ["README.md"], swiftSettings: strict),

        .target(name: "Files", dependencies: ["CLinux", "Model"], exclude: ["README.md"], swiftSettings: strict),

        .target(
            name: "GitSource", dependencies: ["Model", "Processes", "Clibgit2", logging], exclude: ["README.md"],
            swiftSettings: strict),
        .target(
            name: "ContainerEngine",
            dependencies: [
                "CLinux", "Model", "Processes", logging, crypto,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"), system,
            ], exclude: ["README.md"], resources: [.embedInCode("Builds/build.bash")], swiftSettings: strict),
        .target(
            name: "Journal", dependencies: ["Model", .product(name: "GRDB", package: "GRDB.swift")],
            exclude: ["README.md"], swiftSettings: strict),
        .target(
            name: "LoopJournal", dependencies: ["Deploying", "Incidents", "Journal", "Reconciling"],
            swiftSettings: strict),
        .target(
            name: "HostSystem", dependencies: ["CLinux", "Files", "Model", "Processes", crypto],
            exclude: ["README.md"], swiftSettings: strict),
        .target(
            name: "Jobs", dependencies: ["Files", "Model", "Processes"], exclude: ["README.md"],
            resources: [
                .embedInCode("Scripts/common.bash"), .embedInCode("Scripts/cleanup.bash"),
                .embedInCode("Scripts/mail.bash"), .embedInCode("Scripts/compose-mail.bash"),
                .embedInCode("Scripts/send-mail.bash"),
                .embedInCode("Scripts/health-probes.bash"), .embedInCode("Scripts/health-ports.bash"),
                .embedInCode("Scripts/health-diagnosis.bash"), .embedInCode("Scripts/health-decision.bash"),
                .embedInCode("Scripts/health-verdict.bash"), .embedInCode("Scripts/health-incidents.bash"),
                .embedInCode("Scripts/health-memory.bash"), .embedInCode("Scripts/health-treatment.bash"),
                .embedInCode("Scripts/health.bash"), .embedInCode("Scripts/port-list.bash"),
                .embedInCode("Scripts/port-rules.bash"),
            ], swiftSettings: strict),
        .target(
            name: "Backup",
            dependencies: [
                "CLinux", "Files", "HostSystem", "Incidents", "Model", "Processes", crypto, logging,
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            exclude: ["README.md"],
            resources: [
                .embedInCode("Scripts/confined.bash"), .embedInCode("Scripts/copy.bash"),
                .embedInCode("Scripts/pack.bash"), .embedInCode("Scripts/unpack.bash"),
            ], swiftSettings: strict),

        .target(
            name: "Incidents", dependencies: ["Files", "Model", logging], exclude: ["README.md"],
            swiftSettings: strict),
        .target(
            name: "Deploying", dependencies: ["Model", "Planning", logging], exclude: ["README.md"],
            swiftSettings: strict),
        .target(
            name: "Drill",
            dependencies: [
                "Backup", "Deploying", "Files", "HostSystem", "Model", logging,
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], exclude: ["README.md"], swiftSettings: strict),
        .target(
            name: "Reconciling", dependencies: ["Deploying", "Incidents", "Model", "Planning", logging],
            exclude: ["README.md"], swiftSettings: strict),

        .target(
            name: "Commands",
            dependencies: [
                "LoopJournal", "Reconciling", "Incidents", "Deploying", "Model", "Planning", "Processes", "Files",
                "GitSource",
                "ContainerEngine", "Journal", "Backup", "Drill", "HostSystem", "Jobs", logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            // `Template` is a link to customer-repo-template, whose schema is the one that Planning embeds.
            exclude: ["README.md", "Template/plan.schema.json"],
            resources: [.embedInCode("Configuration/config.schema.json")]
                + [
                    "plan.json", "README.md", "CODEOWNERS", "secrets.example.json", ".gitignore", ".editorconfig",
                    ".gitlab-ci.yml", ".github/workflows/validate.yml", ".vscode/settings.json",
                    "files/web/site.conf", "hosts/example.json",
                ].map { .embedInCode("Template/\($0)") },
            swiftSettings: strict),
        .executableTarget(
            name: "fairlead", dependencies: ["Commands", "GitSource", "Processes"], swiftSettings: strict),

        .target(
            name: "TestSupport", dependencies: ["Model", "Processes", crypto],
            path: "Tests/TestSupport", exclude: ["Scripts/s3-bucket.bash"],
            resources: [.embedInCode("Scripts/s3-server.bash"), .embedInCode("Scripts/hard-tree.py")],
            swiftSettings: strict),
        .target(
            name: "LoopSupport", dependencies: ["Model", "Planning", "Deploying", "Incidents", "Reconciling", logging],
            path: "Tests/LoopSupport", swiftSettings: strict),
        .testTarget(name: "PlanningTests", dependencies: ["Model", "Planning", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "ProcessesTests", dependencies: ["Processes"], swiftSettings: strict),
        .testTarget(
            name: "GitSourceTests",
            dependencies: [
                "GitSource", "Model", "Processes", "TestSupport", "fairlead", logging,
                .product(name: "InMemoryLogging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ContainerEngineTests",
            dependencies: ["ContainerEngine", "Deploying", "Model", "Processes", "TestSupport", logging],
            swiftSettings: strict),
        .testTarget(
            name: "JournalTests",
            dependencies: [
                "Journal", "Model", "Planning", "TestSupport", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict),
        .target(
            name: "HostSupport", dependencies: ["Files", "HostSystem", "Model", "Processes", "TestSupport"],
            path: "Tests/HostSupport", swiftSettings: strict),
        .testTarget(
            name: "HostSystemTests",
            dependencies: ["Files", "HostSupport", "HostSystem", "Model", "Processes", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "JobsTests",
            dependencies: ["Files", "HostSupport", "HostSystem", "Jobs", "Model", "Processes", "TestSupport"],
            exclude: ["HealthDecision"], swiftSettings: strict),
        .testTarget(
            name: "BackupTests",
            dependencies: [
                "fairlead", "Backup", "Files", "HostSupport", "HostSystem", "Model", "Processes", "TestSupport",
            ], swiftSettings: strict),
        .testTarget(name: "DrillTests", dependencies: ["Backup", "Drill", "Model"], swiftSettings: strict),
        .testTarget(
            name: "IncidentsTests", dependencies: ["Incidents", "Model", "TestSupport", logging],
            swiftSettings: strict),
        .testTarget(
            name: "DeployingTests",
            dependencies: ["Deploying", "Journal", "LoopJournal", "LoopSupport", "Model", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "ReconcilingTests",
            dependencies: [
                "Reconciling", "Deploying", "Journal", "LoopJournal", "LoopSupport", "Model", "Planning", "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "CommandsTests",
            dependencies: [
                "fairlead", "Backup", "Commands", "ContainerEngine", "Deploying", "Files", "GitSource",
                "HostSystem", "Incidents", "Jobs", "Reconciling", "Journal", "Model", "Planning", "Processes",
                "TestSupport", logging, .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "fairlead", "Files", "HostSystem", "Jobs", "Journal", "Model", "Planning", "Processes", "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "FuzzTests",
            dependencies: [
                "Backup", "Commands", "ContainerEngine", "Files", "HostSystem", "Jobs", "GitSource", "Clibgit2",
                "Model", "Planning", "TestSupport",
            ], exclude: ["Corpus"], swiftSettings: strict),
        .testTarget(name: "ArchitectureTests", dependencies: ["Model", "Planning"], swiftSettings: strict),
    ],
    cxxLanguageStandard: .cxx17
)
