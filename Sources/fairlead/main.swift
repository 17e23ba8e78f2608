internal import Commands
internal import GitSource
internal import Glibc

StandardStreams.secure()

// A network operation of the git adapter, in a process that can be killed past its deadline.
if CommandLine.arguments.dropFirst().first == GitChild.subcommand { exit(GitChild.main()) }

exit(await Program.run(Array(CommandLine.arguments.dropFirst()), in: .process).rawValue)
