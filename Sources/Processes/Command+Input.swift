internal import Glibc
internal import Subprocess

extension Command {
    /// Gives a program its input. A program may end without reading all of it; its status says whether that is a failure.
    func feed(_ writer: StandardInputWriter) async {
        _ = Self.ignoresBrokenPipes
        _ = try? await writer.write(input)
        try? await writer.finish()
    }

    /// Writing to a program that has ended would end us too. What we start gets the default back.
    private static let ignoresBrokenPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()
}
