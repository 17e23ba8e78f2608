internal import Model

/// What engines find out only when they make or start a container.
extension ImageCheck {
    /// The kernel's limit for one argument or environment variable, with the zero at its end.
    private static let longestText = 131_072

    /// What an image can say that no engine makes a container of.
    var strangeText: ImageObstacle? {
        if program.first?.isEmpty == true {
            return unusable(
                "program of container '\(name)', which \(programOwner) names, is an empty word",
                "write the program first: 'CMD [\"/app\"]' in the image, or \"command\": [\"/app\"] in the plan")
        }
        for word in program {
            guard let reason = Self.reason(against: word) else { continue }
            return unusable(
                "command of container '\(name)', which \(programOwner) names, \(reason)", "build the image anew")
        }
        return strangeVariable ?? strangeSignal ?? strangeDirectory
    }

    private var strangeVariable: ImageObstacle? {
        for entry in image.environment {
            let key = String(decoding: entry.utf8.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self)
            let reason = key.isEmpty ? "has no name" : Self.reason(against: entry)
            guard let reason, key.isEmpty || container.environment[key] == nil else { continue }
            return unusable(
                "environment variable '\(ForeignText(key, limit: 100))' of the image of container '\(name)' \(reason)",
                "build the image without it")
        }
        return nil
    }

    private var strangeSignal: ImageObstacle? {
        guard let signal = image.stopSignal, !signal.isEmpty, !StopSignal.isKnown(signal) else { return nil }
        return unusable(
            "stop signal '\(ForeignText(signal, limit: 100))' of the image of container '\(name)' is none of Linux",
            "write one into the image: 'STOPSIGNAL SIGTERM'")
    }

    private var strangeDirectory: ImageObstacle? {
        guard workingDirectory.utf8.first != UInt8(ascii: "/") else { return nil }
        return unusable(
            "working directory '\(ForeignText(workingDirectory, limit: 100))' of the image of container '\(name)' is not "
                + "absolute", "begin it with '/', or add 'workingDirectory' to the container")
    }

    private static func reason(against text: String) -> String? {
        if text.utf8.contains(0) { return "contains a zero byte" }
        return text.utf8.count >= longestText ? "is longer than 128 KiB, which Linux starts no program with" : nil
    }

    private func unusable(_ message: String, _ hint: String) -> ImageObstacle {
        ImageObstacle(message: "the " + message, hint: hint)
    }

    /// In which its program is run.
    var workingDirectory: String {
        let named = container.workingDirectory ?? ""
        let own = named.isEmpty ? image.workingDirectory ?? "" : named
        return own.isEmpty ? "/" : own
    }

    /// Whose words the first of `program` is.
    private var programOwner: String {
        if let own = container.entrypoint, !own.isEmpty, own != [""] { return "the plan" }
        if container.entrypoint == nil, !image.entrypoint.isEmpty, image.entrypoint != [""] { return "its image" }
        return container.command?.isEmpty ?? true ? "its image" : "the plan"
    }
}

/// What the files of an image say.
extension ImageCheck {
    /// Why its program could not be run in its directory.
    func obstacle(in tree: any ImageTree) -> ImageObstacle? {
        let walk = ImageWalk(tree, beside: container.mountPoints)
        if let reason = directoryObstacle(walk) {
            return ImageObstacle(
                message: "the working directory '\(ForeignText(workingDirectory, limit: 100))' of container '\(name)' "
                    + reason,
                hint: "make the directory in the image, or write another 'workingDirectory'")
        }
        guard let word = program.first, let reason = runner(walk).obstacle(of: word) else { return nil }
        return ImageObstacle(
            message:
                "the program '\(ForeignText(word, limit: 100))' of container '\(name)', which \(programOwner) names, "
                + reason,
            hint: "look into the image with 'podman run --rm --entrypoint /bin/ls IMAGE -l PATH'")
    }

    /// A container may make the program of its check itself, so that it is told only.
    func notes(in tree: any ImageTree) -> [String] {
        let checks = [
            container.health?.check ?? said.health?.check, container.liveness?.check ?? said.liveness?.check,
        ]
        let walk = ImageWalk(tree, beside: container.mountPoints)
        let notes = checks.compactMap { check -> String? in
            guard case .command(let words) = check, let word = words.first, let reason = runner(walk).obstacle(of: word)
            else { return nil }
            return "\(name): its health check runs '\(ForeignText(word, limit: 100))', which \(reason)"
        }
        return notes.count > 1 && notes.first == notes.last ? [notes[0]] : notes
    }

    private func runner(_ walk: ImageWalk) -> ImageProgram {
        ImageProgram(walk: walk, directory: workingDirectory, searchPath: searchPath)
    }

    /// Engines make the one that an image names where there is none.
    private func directoryObstacle(_ walk: ImageWalk) -> String? {
        // They shorten such a path before they look.
        guard !workingDirectory.leadsUp else { return nil }
        return switch walk.end(of: workingDirectory) {
        case .missing(let isLink):
            container.workingDirectory?.isEmpty ?? true
                ? (isLink ? "leads to what is not in the image" : nil) : "is not in the image"
        case .found(.directory, _), .found(.unknown, _), .unknown: nil
        case .circle: "leads round in a circle"
        case .found, .blocked: "is no directory"
        }
    }

    /// Engines' own, where nobody says it.
    private static let usualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    private var searchPath: [String]? {
        let path: String?
        if let own = container.environment["PATH"] {
            path = own.value(with: Secrets())
        } else {
            let named = image.environment.last { $0 == "PATH" || $0.hasPrefix("PATH=") }
            // Without a value it is that of the engine's service.
            path = named.map { $0 == "PATH" ? nil : String($0.dropFirst("PATH=".count)) } ?? Self.usualPath
        }
        return path.map { $0.split(separator: ":", omittingEmptySubsequences: false).map(String.init) }
    }
}

/// Signals as engines read them.
enum StopSignal {
    private static let names: Set<String> = [
        "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE", "POLL",
        "PROF",
        "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1", "USR2",
        "VTALRM", "WINCH", "XCPU", "XFSZ", "RTMIN", "RTMAX",
    ]

    static func isKnown(_ text: String) -> Bool {
        if let number = Int(text) { return 1...64 ~= number }
        let upper = text.uppercased()
        let name = upper.hasPrefix("SIG") ? String(upper.dropFirst(3)) : upper
        if names.contains(name) { return true }
        guard let match = name.wholeMatch(of: #/(?:RTMIN\+(?<up>[0-9]{1,2})|RTMAX-(?<down>[0-9]{1,2}))/#) else {
            return false
        }
        let most = match.output.up == nil ? 14 : 15
        return (match.output.up ?? match.output.down).flatMap { Int($0) }.map { 1...most ~= $0 } ?? false
    }
}
