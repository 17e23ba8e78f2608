import Glibc
import TestSupport
import Testing

@testable import Model
@testable import Planning

/// Files of an image by path.
private struct MemoryImage: ImageTree {
    var entries: [String: ImageEntry]
    var contents: [String: String] = [:]

    func entry(at names: [String]) -> ImageEntry? { entries[ImageWalk.path(names)] }
    func beginning(of names: [String]) -> [UInt8] { Array((contents[ImageWalk.path(names)] ?? "").utf8) }
}

@Suite("A program or directory that the files of an image do not have is found before anything stops (J2)")
struct ImageProgramTests {
    private static let image = MemoryImage(
        entries: [
            "/bin": .link("usr/bin"), "/usr": .directory, "/usr/bin": .directory,
            "/usr/bin/sh": .file(executable: true), "/usr/bin/env": .file(executable: true),
            "/usr/bin/text": .file(executable: false), "/usr/bin/place": .directory,
            "/srv": .directory, "/srv/run": .file(executable: true), "/srv/text": .file(executable: false),
            "/srv/pipe": .other, "/srv/gone": .link("../nowhere"), "/srv/round": .link("round"),
            "/srv/out": .link("../../../../usr/bin/sh"), "/srv/mounted": .link("/data/run"),
            "/srv/kept": .link("/srv/current/run"), "/srv/current": .link("/data"), "/srv/unread": .unknown,
            "/srv/bash": .file(executable: true), "/srv/dos": .file(executable: true),
            "/srv/python": .file(executable: true), "/srv/shell": .file(executable: true),
            "/srv/glibc": .file(executable: true), "/srv/itself": .file(executable: true),
        ],
        contents: [
            "/srv/bash": "#!/bin/bash -e\n", "/srv/dos": "#!/bin/sh\r\n", "/srv/python": "#! /usr/bin/env python3\n",
            "/srv/shell": "#!/usr/bin/env -S sh -e\nexit\n", "/srv/itself": "#!/usr/bin/env itself\n",
        ])

    private func obstacle(
        _ words: [String], path: String? = nil, in tree: MemoryImage = image,
        _ change: (inout ContainerPlan) -> Void = { _ in }
    ) throws -> ImageObstacle? {
        var configuration = ImageConfiguration(command: words)
        configuration.environment = path.map { ["PATH=\($0)"] } ?? []
        let reference = try #require(ImageReference("registry.example.com/acme/web:1"))
        var web = ContainerPlan(image: .reference(reference))
        change(&web)
        let plan = ResolvedPlan(stack: "acme", version: "1", host: "h", containers: ["web": web])
        let check = try #require(ImageCheck(configuration, of: "web", in: plan, files: tree))
        return check.obstacle(on: nil, under: VSNPolicy())
    }

    @Test(
        "is told with what is wrong; links are followed inside of the image, and what cannot be seen passes",
        arguments: [
            ("", "is an empty word"), ("/srv/run", nil), ("/srv", "is a directory"), ("/srv/text", "is not executable"),
            ("/srv/pipe", "is no file"), ("/nowhere", "is not in the image"), ("/srv/gone", "leads to what is not"),
            ("/srv/round", "leads round in a circle"), ("/srv/run/x", "has a file for a directory"),
            ("/srv/run/", "has a file for a directory"), ("/srv/out", nil), ("/srv/../bin/sh", nil),
            ("/srv/unread", nil), ("/dev/x", nil), ("srv/run", nil), ("./srv", "is a directory"), ("sh", nil),
            ("..", "is in no directory of its PATH"), ("nothing", "is in no directory of its PATH ('/usr/local/sbin:"),
            ("text", "is not executable"), ("place", "is in no directory of its PATH"),
            ("/srv/bash", "begins with '#!/bin/bash', which is not in the image"),
            ("/srv/dos", "which is not in the image"), ("/srv/shell", nil),
            ("/srv/python", "asks for 'python3', which is in no directory of its PATH"),
        ])
    func programs(word: String, reason: String?) throws {
        let found = try obstacle([word])
        #expect((found == nil) == (reason == nil), "\(found?.message ?? "")")
        if let reason {
            #expect(found?.message.contains("of container 'web', which its image names") == true)
            #expect(found?.message.contains(reason) == true, "\(found?.message ?? "")")
        }
    }

    @Test("the plan's words, PATH and directory come first; what it mounts on the way makes the answer unknown")
    func plans() throws {
        #expect(try obstacle(["sh"]) { $0.entrypoint = ["/srv"] }?.message.contains("which the plan names") == true)
        #expect(try obstacle(["/srv"]) { $0.command = ["sh"] } == nil)
        #expect(try obstacle(["run"], path: "/nowhere:/srv") == nil)
        #expect(try obstacle(["run"], path: "/srv") { $0.environment["PATH"] = SecretText(source: "/bin") } != nil)
        #expect(try obstacle(["run"]) { $0.environment["PATH"] = SecretText(source: "${secret:path}") } == nil)
        #expect(try obstacle(["nothing"], path: "") != nil)
        // A script that asks for itself must not take this program with it.
        #expect(try obstacle(["itself"], path: "/srv:/bin") == nil)
        #expect(try obstacle(["run"], path: "") { $0.workingDirectory = "/srv" } == nil)
        #expect(try obstacle(["./run"]) { $0.workingDirectory = "/srv/" } == nil)
        for (directory, reason) in [("/nowhere", "is not in the image"), ("/srv/run", "is no directory")] {
            let found = try obstacle(["sh"]) { $0.workingDirectory = directory }
            #expect(found?.message == "the working directory '\(directory)' of container 'web' \(reason)")
        }
        let words = ["/data/run", "/data", "/srv/mounted", "/srv/kept", "run"]
        for word in words { #expect(try obstacle([word], path: "/data:/bin") != nil, "\(word)") }
        for word in words {
            let found = try obstacle([word], path: "/data:/bin") {
                $0.volumes = [VolumePlan(source: .data("x"), target: "/data/")]
                $0.workingDirectory = "/data/sub"
            }
            #expect(found == nil, "\(word): \(found?.message ?? "")")
        }
        #expect(
            try obstacle(["sh"]) {
                $0.tmpfs = ["/app/cache"]
                $0.workingDirectory = "/app"
            } == nil)
    }

    @Test("the directory that an image names is made where it is missing, and has to be one")
    func directories() throws {
        func message(_ directory: String) throws -> String? {
            var configuration = ImageConfiguration(command: ["/srv/run"])
            configuration.workingDirectory = directory
            let reference = try #require(ImageReference("registry.example.com/acme/web:1"))
            let containers = ["web": ContainerPlan(image: .reference(reference))]
            let plan = ResolvedPlan(stack: "acme", version: "1", host: "h", containers: containers)
            let check = try #require(ImageCheck(configuration, of: "web", in: plan, files: Self.image))
            return check.obstacle(on: nil, under: VSNPolicy())?.message
        }
        for directory in ["", "/", "//", "/a/../..", "/nowhere/x", "/bin", "/bin/made"] {
            #expect(try message(directory) == nil, "\(directory)")
        }
        for (directory, reason) in [
            ("/srv/run", "is no directory"), ("/srv/run/x", "is no directory"), ("/srv/gone", "leads to what is not"),
            ("/srv/round", "in a circle"), ("srv", "is not absolute"),
        ] {
            #expect(try message(directory)?.contains(reason) == true, "\(directory)")
        }
    }

    @Test("a program that needs a loader which is not there is told, and a broken one is left to the kernel")
    func loaders() throws {
        func program(_ loader: String) -> [UInt8] {
            var bytes = [UInt8](repeating: 0, count: 256)
            bytes.replaceSubrange(0..<6, with: [0x7f, 0x45, 0x4c, 0x46, 2, 1])
            (bytes[32], bytes[54], bytes[56], bytes[64], bytes[72], bytes[96]) = (64, 56, 1, 3, 120, 64)
            bytes.replaceSubrange(120..<(120 + loader.utf8.count), with: Array(loader.utf8))
            return bytes
        }
        #expect(ELFLoader.path(in: program("/lib/ld-musl-x86_64.so.1")) == "/lib/ld-musl-x86_64.so.1")
        for end in [0, 4, 63, 65, 100, 130] {
            #expect(ELFLoader.path(in: Array(program("/lib/ld.so").prefix(end))) == nil)
        }
        var huge = program("/lib/ld.so")
        for index in 32..<40 { huge[index] = 255 }
        #expect(ELFLoader.path(in: huge) == nil)
        #expect(ELFLoader.path(in: [UInt8](repeating: 255, count: 4096)) == nil)
        var image = Self.image
        image.contents["/srv/glibc"] = String(decoding: program("/lib64/ld-linux.so.2"), as: UTF8.self)
        let found = try obstacle(["/srv/glibc"], in: image)
        #expect(found?.message.hasSuffix("needs '/lib64/ld-linux.so.2', which is not in the image") == true)
    }

    @Test("a check whose program is not there is told and refuses nothing, since the container may make it")
    func checks() throws {
        let reference = try #require(ImageReference("registry.example.com/acme/web:1"))
        var image = ImageConfiguration(command: ["sh"])
        image.facts.health = HealthPlan(check: .command(["curl", "-f", "x"]))
        image.strangeVolumes = ["", "..", "/", "/a\nb"]
        let plan = ResolvedPlan(
            stack: "acme", version: "1", host: "h", containers: ["web": ContainerPlan(image: .reference(reference))])
        let check = try #require(ImageCheck(image, of: "web", in: plan, files: Self.image))
        #expect(check.obstacle(on: nil, under: VSNPolicy()) == nil)
        #expect(check.notes.contains { $0.hasPrefix("web: its health check runs 'curl', which is in no directory of") })
        let volumes = "web: its image declares volumes at '', '..', '/', '/a b', where nothing can be mounted"
        #expect(check.warnings.contains { $0.hasPrefix(volumes) }, "\(check.warnings)")
    }
}

@Suite("What no engine makes a container of is refused by what the image says of itself (J2)")
struct ImageStartTests {
    private func message(_ change: (inout ImageConfiguration) -> Void) throws -> String? {
        let reference = try #require(ImageReference("registry.example.com/acme/web:1"))
        var image = ImageConfiguration(command: ["/app"])
        change(&image)
        var web = ContainerPlan(image: .reference(reference))
        web.environment = ["OWN": SecretText(source: "x")]
        let plan = ResolvedPlan(stack: "acme", version: "1", host: "h", containers: ["web": web])
        return try #require(ImageCheck(image, of: "web", in: plan)).obstacle(on: nil, under: VSNPolicy())?.message
    }

    @Test("environment without a name or with a zero byte, too long texts, and a stop signal that is none")
    func texts() throws {
        let long = String(repeating: "x", count: 131_072)
        for entry in ["", "=x", "A=\0", "A=\(long)"] {
            #expect(
                try message { $0.environment = ["PATH=/bin", entry] }?.contains("of the image of container 'web'")
                    == true)
        }
        #expect(
            try message { $0.environment = ["PATH", "A B=c", "A=b\nc", "OWN=\0", "A=\(long.dropFirst(3))"] } == nil)
        #expect(try message { $0.command = ["/app", "a\0b"] }?.contains("contains a zero byte") == true)
        #expect(try message { $0.command = ["/app", long] }?.contains("is longer than 128 KiB") == true)
        #expect(try message { $0.command = [""] }?.contains("is an empty word") == true)
        #expect(try message { $0.entrypoint = ["", "/app"] }?.contains("is an empty word") == true)
        for signal in ["SIGFOO", "0", "65", "-1", " SIGTERM", "RTMIN+16", "RTMAX-15", "RTMIN+0"] {
            #expect(try message { $0.stopSignal = signal }?.contains("is none of Linux") == true, "\(signal)")
        }
        for signal in ["", "SIGTERM", "15", "term", "SIGRTMIN+3", "64", "rtmax-14", "SIGPWR"] {
            #expect(try message { $0.stopSignal = signal } == nil, "\(signal)")
        }
    }
}

@Suite("The files of an image are those of its layers, put on each other")
struct ImageLayersTests {
    @Test(
        "the topmost counts, what it removes is gone; a layer that is not there, or a way too long, makes them unknown"
    )
    func layers() throws {
        let scratch = try Scratch()
        try scratch.write("#!/bin/sh\n", to: "low/bin/app")
        try scratch.write("x", to: "low/bin/gone")
        try scratch.write("x", to: "low/lib/file")
        try scratch.write("y", to: "top/bin/new")
        #expect(symlink("/bin", "\(scratch.path)/top/link") == 0)
        #expect(chmod("\(scratch.path)/low/bin/app", 0o755) == 0)
        try scratch.write("z", to: "top/lib")
        let removes = mknod("\(scratch.path)/top/bin/gone", mode_t(S_IFCHR), 0) == 0
        let image = try #require(ImageLayers(["\(scratch.path)/top", "\(scratch.path)/low"]))
        #expect(image.entry(at: ["bin"]) == .directory && image.entry(at: ["link"]) == .link("/bin"))
        #expect(image.entry(at: ["bin", "app"]) == .file(executable: true))
        #expect(image.entry(at: ["bin", "new"]) == .file(executable: false))
        #expect(image.entry(at: ["lib", "file"]) == nil && image.entry(at: ["bin", "none"]) == nil)
        if removes { #expect(image.entry(at: ["bin", "gone"]) == nil) }
        #expect(image.beginning(of: ["bin", "app"]) == Array("#!/bin/sh\n".utf8))
        // Whoever made the image could keep a deployment busy for hours.
        let deep = String(repeating: "d/", count: 200)
        try scratch.write("x", to: "low/\(deep)file")
        #expect(ImageWalk(image, beside: []).end(of: "/none") == .missing(isLink: false))
        #expect(ImageWalk(image, beside: []).end(of: "/\(deep)none") == .unknown)
        #expect(ImageLayers([]) == nil && ImageLayers(["\(scratch.path)/top", "\(scratch.path)/none"]) == nil)
        try scratch.write("", to: "composefs-data")
        #expect(ImageLayers(["\(scratch.path)/top"]) == nil)
    }
}
